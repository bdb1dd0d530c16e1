// The ways into lecture mode and out of it that no button shows: keys, and the address. A page in a frame of another has none.
import { closest } from "./dom.js";
import { lecture } from "./lecture.js";
import { shortcuts } from "./shortcuts.js";

const TYPING = "textarea, select, input:not([type=range], [type=checkbox], [type=radio]), [contenteditable]";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (document.querySelector("dialog[open]") || closest(event, TYPING)) return;
  if (shortcuts.on && (event.key.toLowerCase() === "l" || event.code === "KeyL")) lecture.set(!lecture.on);
  else if (event.key === "Escape" && lecture.on) lecture.set(false);
  else return;
  event.preventDefault();
});

// The window's height may change without its width.
window.addEventListener("resize", () => lecture.on && lecture.resize());

// Before the server has said anything, the address tells.
lecture.follow(new URLSearchParams(location.search).get("lec") === "1");
