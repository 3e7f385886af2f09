/* The script of the explorer: the matrix and the search box filter the list; what is chosen stands in the address,
 * so that it can be sent. The page is whole without it: numbers of the matrix are links to their topics. */
"use strict";
(function () {
  var all = Array.prototype, state = {q: "", d: "", t: ""};
  // Each action with what a search needs of it, kept apart from the page: its words in small letters, and the places of
  // its topic, its document and its cell among those that are counted.
  var places = {}, counts = [];
  function place_of(key) {
    if (!(key in places)) { places[key] = counts.length; counts.push(0); }
    return places[key];
  }
  var whole = place_of("/");
  var topics = all.map.call(document.querySelectorAll("section.topic"), function (part) {
    return {part: part, id: part.id, items: [], live: true};
  });
  var items = [];
  topics.forEach(function (topic) {
    all.forEach.call(topic.part.querySelectorAll(".actions > li"), function (li) {
      var words = li.querySelector(".words"), d = li.getAttribute("data-d"), t = li.getAttribute("data-t");
      var item = {li: li, words: words, d: d, t: t, text: (words.textContent + "\n" + li.id).toLowerCase(), on: true,
        shown: true, cell: place_of(d + "/" + t), column: place_of(d + "/"), row: place_of("/" + t)};
      topic.items.push(item);
      items.push(item);
    });
  });
  // Of more actions than these only the first that are found are shown, until somebody asks for the others; so what a
  // keystroke does to the page does not grow with it.
  var most = 300, many = items.length > 1000, asked = false;
  var areas = all.map.call(document.querySelectorAll("section.area"), function (part) {
    return {part: part, topics: topics.filter(function (topic) { return part.contains(topic.part); })};
  });
  var cells = all.slice.call(document.querySelectorAll(".matrix a"));
  var counted = cells.map(function (cell) {
    var d = cell.getAttribute("data-d"), t = cell.getAttribute("data-t");
    return {cell: cell, d: d, t: t, place: cell.hasAttribute("data-n") ? place_of(d + "/" + t) : -1, n: -1, pressed: null};
  });
  var input = document.getElementById("search"), count = document.getElementById("count");
  var clear = document.getElementById("clear"), empty = document.getElementById("empty");
  var more = document.getElementById("more");
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
    var found = new Highlight(), left = most;
    items.every(function (item) {
      if (!item.on) return true;
      var walker = document.createTreeWalker(item.words, NodeFilter.SHOW_TEXT), node;
      while ((node = walker.nextNode())) {
        var text = node.data.toLowerCase();
        words.forEach(function (word) {
          for (var at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
            var range = new Range();
            range.setStart(node, at);
            range.setEnd(node, at + word.length);
            found.add(range);
          }
        });
      }
      left -= 1;
      return !many || left > 0;
    });
    CSS.highlights.set("found", found);
  }

  // What is found: which actions fit, how many there are in each cell, which of them are shown.
  function find(words) {
    var chosen = words.length > 0 || state.d || state.t;
    var limit = many && chosen && !asked ? most : Infinity, fitting = 0;
    for (var i = 0; i < counts.length; i += 1) counts[i] = 0;
    for (i = 0; i < items.length; i += 1) {
      var item = items[i], fits = true;
      for (var w = 0; w < words.length && fits; w += 1) fits = item.text.indexOf(words[w]) >= 0;
      if (fits) {
        counts[whole] += 1;
        counts[item.cell] += 1;
        counts[item.column] += 1;
        counts[item.row] += 1;
        fits = (!state.d || item.d === state.d) && (!state.t || item.t === state.t);
      }
      if (fits) fitting += 1;
      item.on = fits && fitting <= limit;
    }
    return fitting;
  }

  // Brings the page up to what was found. Only what changes is touched, and within parts that are hidden nothing.
  function show() {
    var words = parts(state.q), fitting = find(words), shown = 0;
    topics.forEach(function (topic) {
      var live = topic.items.some(function (item) { return item.on; });
      if (live !== topic.live) topic.part.hidden = !live;
      topic.live = live;
      if (live || !many) topic.items.forEach(function (item) {
        if (item.on) shown += 1;
        if (item.on !== item.shown) item.li.hidden = !item.on;
        item.shown = item.on;
      });
    });
    areas.forEach(function (area) {
      area.part.hidden = !area.topics.some(function (topic) { return topic.live; });
    });
    counted.forEach(function (one) {
      var pressed = (one.d || one.t) ? state.d === one.d && state.t === one.t : !state.d && !state.t;
      if (pressed !== one.pressed) one.cell.setAttribute("aria-pressed", String(pressed));
      one.pressed = pressed;
      if (one.place >= 0 && counts[one.place] !== one.n) {
        one.n = counts[one.place];
        one.cell.textContent = one.n || "\u00b7";
        one.cell.className = one.d && one.t ? shade(one.n) : one.n ? "" : "none";
      }
    });
    count.textContent = fitting + " of " + items.length + " actions";
    clear.hidden = !(state.q || state.d || state.t);
    empty.hidden = fitting > 0;
    more.hidden = shown >= fitting;
    more.textContent = "Show all " + fitting;
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
      if (target && !target.offsetParent) state = {q: "", d: "", t: ""};
    }
    input.value = state.q;
    show();
    if (target) target.scrollIntoView();
  }

  input.addEventListener("input", function () {
    state.q = input.value.trim();
    asked = false;
    show();
    address();
  });
  more.addEventListener("click", function () { asked = true; show(); });
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
      asked = false;
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
