// Single keys that do something wherever the focus is, and whether they do (WCAG 2.1.4): who speaks to a computer, or
// types with a tremor, sets them off without meaning to. A reader's own, so it is kept in the browser.
//
// A control that such a key reaches says so in `aria-keyshortcuts`, as long as it does.
import { closest } from "./dom.js";

const KEPT = "gs-shortcuts";
const MARK = "gs-shortcuts-off"; // on the document, for the style sheets
const TYPING = "textarea, select, input:not([type=range], [type=checkbox], [type=radio]), [contenteditable]";
const root = document.documentElement;

export const shortcuts = {
  get on() {
    return !root.classList.contains(MARK);
  },

  /**
   * Be on or off from now on, on whatever page.
   *
   * @param {boolean} on
   */
  set(on) {
    this.follow(on);
    try {
      if (on) localStorage.removeItem(KEPT);
      else localStorage.setItem(KEPT, "off");
    } catch {
      // Storage is refused: it holds until the page is left.
    }
  },

  /** @param {boolean} on */
  follow(on) {
    root.classList.toggle(MARK, !on);
    for (const node of document.querySelectorAll("[data-keys]")) tell(/** @type {HTMLElement} */ (node));
    for (const follower of this.followers) follower(on);
  },

  /**
   * What to do when it changes: functions of whether they are on.
   *
   * @type {Set<(on: boolean) => void>}
   */
  followers: new Set(),

  /**
   * These keys reach the control, in the words of `aria-keyshortcuts` ("L", "Shift+Z"), one after the other; none for "".
   *
   * @param {HTMLElement} node
   * @param {string} [keys]
   */
  reach(node, keys = "") {
    if ((node.dataset.keys ?? "") === keys) return;
    if (keys) node.dataset.keys = keys;
    else delete node.dataset.keys;
    tell(node);
  },
};

/**
 * Whether a key was pressed by itself, and not to type a text.
 *
 * @param {KeyboardEvent} event
 */
export function single(event) {
  return !(event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || closest(event, TYPING));
}

/** @param {HTMLElement} node */
function tell(node) {
  const { keys } = node.dataset;
  if (keys && shortcuts.on) node.setAttribute("aria-keyshortcuts", keys);
  else node.removeAttribute("aria-keyshortcuts");
}

function kept() {
  try {
    return localStorage.getItem(KEPT) !== "off";
  } catch {
    return true;
  }
}

window.addEventListener("storage", ({ key }) => (key === KEPT || key === null) && shortcuts.follow(kept())); // another tab's
shortcuts.follow(kept());
