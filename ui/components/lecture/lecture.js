// Lecture mode: larger type, thicker lines, and nothing on the screen but question, sentence, picture and main controls.
//
// The browser decides: a class on the document, which the style sheets know, and pictures that draw themselves
// larger. The server only hears of it, so that the address and the links carry it along as the setting "lecture".
import { conversation } from "./conversation.js";
import { parts } from "./parts.js";

const MARK = "gs-lecture";
const root = document.documentElement;

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
