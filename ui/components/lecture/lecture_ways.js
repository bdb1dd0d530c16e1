// The ways into lecture mode and out of it that no button shows: keys, and the address. A page in a frame of another has none.
import { lecture } from "./lecture.js";
import { shortcuts, single } from "./shortcuts.js";

document.addEventListener("keydown", (event) => {
  if (!single(event) || document.querySelector("dialog[open]")) return;
  if (shortcuts.on && (event.key.toLowerCase() === "l" || event.code === "KeyL")) lecture.set(!lecture.on);
  else if (event.key === "Escape" && lecture.on) lecture.set(false);
  else return;
  event.preventDefault();
});

// The window's height may change without its width.
window.addEventListener("resize", () => lecture.on && lecture.resize());

// Before the server has said anything, the address tells.
lecture.follow(new URLSearchParams(location.search).get("lec") === "1");
