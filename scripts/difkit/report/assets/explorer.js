/* The script of the explorer: the matrix and the search box filter the list; what is chosen stands in the address,
 * so that it can be sent. The page is whole without it: numbers of the matrix are links to their topics. */
"use strict";
(function () {
  var all = Array.prototype, state = {q: "", d: "", t: ""};
  var items = all.map.call(document.querySelectorAll(".actions > li"), function (li) {
    var words = li.querySelector(".words");
    return {li: li, words: words, d: li.getAttribute("data-d"), t: li.getAttribute("data-t"),
      text: words.textContent.toLowerCase(), id: li.id.toLowerCase()};
  });
  var topics = all.slice.call(document.querySelectorAll("section.topic"));
  var areas = all.slice.call(document.querySelectorAll("section.area"));
  var cells = all.slice.call(document.querySelectorAll(".matrix a"));
  var input = document.getElementById("search"), count = document.getElementById("count");
  var clear = document.getElementById("clear"), empty = document.getElementById("empty");
  // On a phone the list comes first; the matrix opens on request, and on paper.
  var matrix = document.getElementById("matrix");
  if (window.matchMedia("(max-width: 48rem)").matches) matrix.open = false;
  window.addEventListener("beforeprint", function () { matrix.open = true; });
  document.querySelectorAll(".needs-script").forEach(function (part) { part.hidden = false; });

  function parts(query) {
    var found = query.toLowerCase().match(/"[^"]+"|[^\s"]+/g) || [];
    return found.map(function (part) { return part.replace(/"/g, ""); });
  }
  function shade(n) {
    return n === 0 ? "none" : "s" + (n < 2 ? 1 : n < 4 ? 2 : n < 6 ? 3 : n < 9 ? 4 : n < 13 ? 5 : 6);
  }

  function highlight(words) {
    if (!window.Highlight || !CSS.highlights) return;
    CSS.highlights.delete("found");
    if (!words.length) return;
    var ranges = [];
    items.forEach(function (item) {
      if (item.li.hidden) return;
      var walker = document.createTreeWalker(item.words, NodeFilter.SHOW_TEXT), node;
      while ((node = walker.nextNode())) {
        var text = node.data.toLowerCase();
        words.forEach(function (word) {
          for (var at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
            var range = new Range();
            range.setStart(node, at);
            range.setEnd(node, at + word.length);
            ranges.push(range);
          }
        });
      }
    });
    var found = new Highlight();
    ranges.forEach(function (range) { found.add(range); });
    CSS.highlights.set("found", found);
  }

  function show() {
    var words = parts(state.q), shown = 0, found = {}, live = {};
    items.forEach(function (item) {
      var fits = words.every(function (word) { return item.text.indexOf(word) >= 0 || item.id.indexOf(word) >= 0; });
      if (fits) [item.d + "/" + item.t, item.d + "/", "/" + item.t, "/"].forEach(function (key) {
        found[key] = (found[key] || 0) + 1;
      });
      var visible = fits && (!state.d || item.d === state.d) && (!state.t || item.t === state.t);
      item.li.hidden = !visible;
      if (visible) { shown += 1; live[item.t] = true; }
    });
    topics.forEach(function (topic) { topic.hidden = !live[topic.id]; });
    areas.forEach(function (area) { area.hidden = !area.querySelector(".topic:not([hidden])"); });
    cells.forEach(function (cell) {
      var d = cell.getAttribute("data-d"), t = cell.getAttribute("data-t");
      cell.setAttribute("aria-pressed", String((d || t) ? state.d === d && state.t === t : !state.d && !state.t));
      if (cell.hasAttribute("data-n")) {
        var n = found[d + "/" + t] || 0;
        cell.textContent = n || "\u00b7";
        cell.className = d && t ? shade(n) : n ? "" : "none";
      }
    });
    count.textContent = shown + " of " + items.length + " actions";
    clear.hidden = !(state.q || state.d || state.t);
    empty.hidden = shown > 0;
    highlight(words);
  }

  function address() {
    var list = [];
    ["q", "d", "t"].forEach(function (key) {
      if (state[key]) list.push(key + "=" + encodeURIComponent(state[key]));
    });
    history.replaceState(null, "", list.length ? "#" + list.join("&") : location.pathname + location.search);
  }

  function read() {
    var hash = location.hash.slice(1), target = null;
    if (/^[qdt]=/.test(hash)) {
      state = {q: "", d: "", t: ""};
      hash.split("&").forEach(function (part) {
        var at = part.indexOf("="), key = part.slice(0, at);
        try {
          if (key in state) state[key] = decodeURIComponent(part.slice(at + 1));
        } catch (error) { /* no address of ours */ }
      });
    } else if (hash) {
      try { target = document.getElementById(decodeURIComponent(hash)); } catch (error) { target = null; }
      if (target && target.hidden) state = {q: "", d: "", t: ""};
    }
    input.value = state.q;
    show();
    if (target) target.scrollIntoView();
  }

  input.addEventListener("input", function () { state.q = input.value.trim(); show(); address(); });
  clear.addEventListener("click", function () {
    state = {q: "", d: "", t: ""};
    input.value = "";
    show();
    address();
    input.focus();
  });
  cells.forEach(function (cell) {
    cell.setAttribute("role", "button");
    function choose(event) {
      event.preventDefault();
      var d = cell.getAttribute("data-d"), t = cell.getAttribute("data-t"), same = state.d === d && state.t === t;
      state.d = same ? "" : d;
      state.t = same ? "" : t;
      show();
      address();
      var list = document.getElementById("list");
      var top = list.getBoundingClientRect().top;
      if (top < 0 || top > innerHeight * 0.8) list.scrollIntoView();
    }
    cell.addEventListener("click", choose);
    cell.addEventListener("keydown", function (event) { if (event.key === " ") choose(event); });
  });

  // In the matrix one place takes part in the order of the Tab key; the arrow keys go on from there.
  var rows = all.map.call(document.querySelectorAll(".matrix tr"), function (row) {
    return all.slice.call(row.querySelectorAll("a"));
  }).filter(function (row) { return row.length > 0; });
  function place(cell, focus) {
    cells.forEach(function (other) { other.tabIndex = other === cell ? 0 : -1; });
    if (focus) cell.focus();
  }
  if (cells.length) place(cells[0], false);
  rows.forEach(function (row, r) {
    row.forEach(function (cell) {
      cell.addEventListener("focus", function () { place(cell, false); });
      cell.addEventListener("keydown", function (event) {
        var step = {ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1]}[event.key];
        if (!step) return;
        event.preventDefault();
        var column = cell.parentNode.cellIndex, next = null;
        if (step[1]) {
          next = row[row.indexOf(cell) + step[1]];
        } else {
          for (var i = r + step[0]; i >= 0 && i < rows.length && !next; i += step[0]) {
            next = rows[i].filter(function (other) { return other.parentNode.cellIndex === column; })[0];
          }
        }
        if (next) place(next, true);
      });
    });
  });

  document.addEventListener("keydown", function (event) {
    if (event.key === "/" && document.activeElement !== input) {
      event.preventDefault();
      input.focus();
      input.select();
    }
    if (event.key === "Escape" && !clear.hidden) clear.click();
  });
  window.addEventListener("hashchange", read);
  read();
})();
