// Within a page that the workbench shows in a frame: tells how high the page is, and that Escape was pressed.
"use strict"
{
   const tell = () => parent.postMessage({ height: document.documentElement.offsetHeight }, "*")
   new ResizeObserver(tell).observe(document.documentElement)
   addEventListener("keydown", event => { if (event.key === "Escape") parent.postMessage({ stop: true }, "*") })
}
