/* The script of reports: tables sort when a heading is pressed, and longer ones filter as one types. Without it
 * all is readable, in the order in which it was written. */
"use strict";
(function () {
  function key(cell) {
    var value = cell ? cell.getAttribute("data-v") : null;
    if (value !== null) return Number(value);
    return cell ? cell.textContent.trim() : "";
  }
  function compare(a, b) {
    var missing = (a === "" || a === "\u2013") - (b === "" || b === "\u2013");
    if (missing) return missing;
    if (typeof a === "number" && typeof b === "number") return a - b;
    return String(a).localeCompare(String(b), "en", {numeric: true});
  }
  // Rows but for those of totals, which stay last and are not counted.
  function plain(body) {
    return Array.prototype.filter.call(body.rows, function (row) { return !row.classList.contains("total"); });
  }
  // The page's own words: of its language, where an office has filled them in.
  function own(name, english) { return document.body.getAttribute("data-" + name) || english; }
  function put(text, values) {
    return text.replace(/%s/g, function () { return values.shift(); });
  }
  function sortable(table) {
    var headings = table.tHead.rows[0].cells, body = table.tBodies[0];
    Array.prototype.forEach.call(headings, function (heading, column) {
      var button = document.createElement("button");
      button.type = "button";
      while (heading.firstChild) button.appendChild(heading.firstChild);
      heading.appendChild(button);
      button.addEventListener("click", function () {
        var down = heading.getAttribute("aria-sort") === "ascending";
        Array.prototype.forEach.call(headings, function (other) { other.removeAttribute("aria-sort"); });
        heading.setAttribute("aria-sort", down ? "descending" : "ascending");
        var rows = plain(body).map(function (row, place) {
          return {row: row, key: key(row.cells[column]), place: place};
        });
        rows.sort(function (a, b) {
          var order = compare(a.key, b.key), missing = a.key === "\u2013" || b.key === "\u2013";
          return (down && !missing ? -order : order) || a.place - b.place;
        });
        var totals = body.querySelector("tr.total");
        rows.forEach(function (item) { body.insertBefore(item.row, totals); });
      });
    });
  }
  function filterable(table) {
    var body = table.tBodies[0], all = plain(body).length;
    var box = document.createElement("div"), label = document.createElement("label");
    var input = document.createElement("input"), count = document.createElement("span");
    box.className = "tools";
    label.textContent = own("filter", "Filter") + " ";
    input.type = "search";
    count.className = "count";
    count.setAttribute("role", "status");
    label.appendChild(input);
    box.appendChild(label);
    box.appendChild(count);
    var frame = table.parentNode;
    frame.parentNode.insertBefore(box, frame);
    input.addEventListener("input", function () {
      var words = input.value.toLowerCase().split(/\s+/).filter(Boolean), shown = 0;
      plain(body).forEach(function (row) {
        var text = row.textContent.toLowerCase();
        var fits = words.every(function (word) { return text.indexOf(word) >= 0; });
        row.hidden = !fits;
        if (fits) shown += 1;
      });
      count.textContent = words.length ? put(own("rows", "%s of %s rows"), [shown, all]) : "";
    });
  }
  // Of a long list the first rows, until somebody asks for the others, sorts or filters. Paper has all.
  function foldable(table, most) {
    var body = table.tBodies[0], folded = true, button = document.createElement("button");
    function apply() {
      plain(body).forEach(function (row, place) { row.classList.toggle("folded", folded && place >= most); });
      button.hidden = !folded;
    }
    function unfold() { folded = false; apply(); }
    button.type = "button";
    button.className = "unfold";
    button.textContent = put(own("others", "Show the other %s"), [plain(body).length - most]);
    button.addEventListener("click", unfold);
    table.parentNode.parentNode.insertBefore(button, table.parentNode.nextSibling);
    table.tHead.addEventListener("click", unfold);
    table.parentNode.parentNode.addEventListener("input", unfold);
    apply();
  }
  document.querySelectorAll("table.data").forEach(function (table) {
    if (!table.tHead || !table.tBodies[0]) return;
    if (plain(table.tBodies[0]).length > 1) sortable(table);
    if (plain(table.tBodies[0]).length > 8) filterable(table);
    var most = Number(table.closest("figure").getAttribute("data-fold"));
    if (most > 0) foldable(table, most);
  });
  // What is wider than its frame shows that it goes on: it fades at its edge, and a line says so.
  document.querySelectorAll(".scroll").forEach(function (frame) {
    var line = null;
    function mark() {
      var hidden = frame.scrollWidth - frame.clientWidth, at = Math.abs(frame.scrollLeft);
      frame.classList.toggle("more", hidden - at > 1);
      if (hidden > 1 && !line) {
        line = document.createElement("p");
        line.className = "sideways";
        line.textContent = own("sideways", "There is more to the side.");
        frame.parentNode.insertBefore(line, frame);
      }
      if (line) line.hidden = hidden <= 1;
    }
    frame.addEventListener("scroll", mark);
    window.addEventListener("resize", mark);
    frame.addEventListener("toggle", mark, true);
    mark();
  });
})();
