// Lecture mode: larger type, thicker lines, and nothing on the screen but question, sentence, picture and main controls.
//
// The browser decides: a class on the document, which the style sheets know, and pictures that draw themselves
// larger. The server only hears of it, so that the address and the links carry it along as the setting "lecture".
import { conversation } from "./conversation.js";
import { closest } from "./dom.js";
import { parts } from "./parts.js";
import { shortcuts } from "./shortcuts.js";

const MARK = "gs-lecture";
const root = document.documentElement;
const TYPING = "textarea, select, input:not([type=range], [type=checkbox], [type=radio]), [contenteditable]";

export const lecture = {
  /**
   * What to do when it changes: functions of whether it is on.
   *
   * @type {Set<(on: boolean) => void>}
   */
  followers: new Set(),

  height: window.innerHeight, // of the window; to ask has the browser lay out the page

  get on() {
    return root.classList.contains(MARK);
  },

  /**
   * Be on or off from now on.
   *
   * @param {boolean | undefined} on
   */
  follow(on) {
    if (on === undefined || Boolean(on) === this.on) return;
    root.classList.toggle(MARK, Boolean(on));
    this.resize();
    for (const follower of this.followers) follower(this.on);
  },

  /** A picture is as large as the window's height allows. */
  resize() {
    this.height = window.innerHeight;
    for (const part of parts.values()) part.resize?.();
  },

  /**
   * What a reader does: the screen follows at once, then the server hears of it.
   *
   * @param {boolean} on
   */
  set(on) {
    this.follow(on);
    conversation.change("lecture", on, true);
  },
};

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
