// A control: its node, its label and, behind a small question mark, the help. Each kind has a file beside this one, and
// shows an item in its `update`.
import { conversation } from "./conversation.js";
import { element, write } from "./dom.js";
import { shortcuts } from "./shortcuts.js";

/** @import { Item } from "./types.js" */
/** @typedef {Item & {label: string, help?: string}} Labelled */

export class Control {
  /** Whether it is under the finger. */
  held = false;
  /** @type {HTMLLabelElement} */
  label;
  /** @type {HTMLElement} */
  head;
  /** @type {HTMLButtonElement | undefined} */
  help;
  /** @type {HTMLElement} */
  tip;

  /**
   * @param {Item} item
   * @param {string} className
   * @param {"div" | "details"} [tag]
   */
  constructor({ name }, className, tag = "div") {
    this.name = name;
    /** @type {HTMLElement} */
    this.node = element(tag, className);
    this.node.dataset.name = name;
  }

  /**
   * A line for the label, of the node with this id.
   *
   * @param {string} [id]
   */
  heading(id) {
    this.head = element("div", "gs-head", this.node);
    this.label = element("label", "", this.head);
    if (id) this.label.htmlFor = id;
  }

  /**
   * The label and the help.
   *
   * @param {Labelled} item
   */
  describe({ label, help }) {
    write(this.label, label);
    if (!help) return;
    this.help ??= this.helped();
    if (this.tip.textContent === help) return;
    this.help.setAttribute("aria-label", label);
    this.tip.textContent = help;
  }

  /** The question mark; its text comes last in the node, so that Tab goes from the help on to the control itself. */
  helped() {
    const button = element("button", "gs-help", this.head, "?");
    this.tip = element("span", "gs-tip", this.node);
    this.tip.id = `gs-tip-${this.name}`;
    this.tip.setAttribute("role", "tooltip");
    button.setAttribute("aria-describedby", this.tip.id);
    const hint = () => this.node.classList.toggle("gs-hint", button.matches(":hover, :focus-visible"));
    for (const type of ["pointerenter", "pointerleave", "focus", "blur"]) button.addEventListener(type, hint);
    button.addEventListener("click", () => this.node.classList.toggle("gs-open"));
    // It stays while the reader is at one of the terms in it.
    this.node.addEventListener("focusout", ({ relatedTarget }) => {
      if (!this.tip.contains(/** @type {Node | null} */ (relatedTarget))) this.node.classList.remove("gs-open");
    });
    button.addEventListener("keydown", (event) => event.key === "Escape" && button.blur());
    return button;
  }
}

/**
 * Let a node tell the single keys that do its action; a page that listens to none has none.
 *
 * @param {HTMLElement} node
 * @param {string} action
 */
export function reached(node, action) {
  const keys = conversation.told?.keys ?? {};
  shortcuts.reach(node, Object.keys(keys).filter((key) => keys[key].name === action).join(" "));
}
