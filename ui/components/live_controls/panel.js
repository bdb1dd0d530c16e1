// panel: the controls of a page, made and kept by their names, so that what has the focus or is being dragged stays.
//
//     const panel = mount(root);
//
// From then on the conversation shows its items there. Controls speak to the conversation, each for itself.
import { Button } from "./button.js";
import { Choice } from "./choice.js";
import { conversation } from "./conversation.js";
import { element } from "./dom.js";
import { File } from "./file.js";
import { Bar, Group } from "./group.js";
import { Note } from "./note.js";
import { Segments } from "./segments.js";
import { Slider } from "./slider.js";
import { Slot } from "./slot.js";
import { Text } from "./text.js";
import { Toggle } from "./toggle.js";

/** @import { Item } from "./types.js" */
/** @import { Control } from "./control.js" */

/** @typedef {Control & {update(item: never): void}} Shown */
/** @type {Record<string, new (item: never, panel: Panel) => Shown>} */
const KINDS = {
  slider: Slider,
  choice: Choice,
  segments: Segments,
  toggle: Toggle,
  text: Text,
  file: File,
  button: Button,
  note: Note,
  group: Group,
  bar: Bar,
  slot: Slot,
};

/**
 * Show the controls in `root` from now on.
 *
 * @param {HTMLElement} root
 */
export function mount(root) {
  return (conversation.controls = new Panel(root));
}

export class Panel {
  /** @type {Map<string, {kind: string, control: Shown}>} */
  #controls = new Map();
  /** @type {Record<string, unknown>} */
  #values = {};

  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.root = element("div", "gs-controls", parent);
    this.root.dataset.testid = "live-controls";
    this.away = element("p", "gs-offline", parent);
    this.away.setAttribute("role", "status");
    this.away.hidden = true;
  }

  destroy() {
    if (conversation.controls === this) conversation.controls = undefined;
    this.root.remove();
    this.away.remove();
  }

  /** Whether a control is under the finger. */
  get held() {
    return [...this.#controls.values()].some(({ control }) => control.held);
  }

  /**
   * Show the items, those that are there with the values that the reader has set meanwhile.
   *
   * @param {Item[]} items
   * @param {Record<string, unknown>} values
   */
  show(items, values) {
    this.#values = values;
    this.arrange(this.root, items);
  }

  /**
   * Say that nobody answers, until somebody does ("").
   *
   * @param {string} sentence
   */
  offline(sentence) {
    this.away.textContent = sentence;
    this.away.hidden = !sentence;
  }

  /**
   * Give `parent` one node an item, in order, keeping those that are there (and their focus).
   *
   * @param {HTMLElement} parent
   * @param {Item[]} items
   */
  arrange(parent, items) {
    const wanted = items.map((item) => this.control(item).node);
    const names = new Set(items.map((item) => item.name));
    for (const node of [...parent.children]) {
      if (wanted.some((kept) => kept === node)) continue;
      node.remove();
      for (const [name, { control }] of this.#controls) {
        if (control.node === node && !names.has(name)) this.#controls.delete(name);
      }
    }
    wanted.forEach((node, index) => {
      if (parent.children[index] !== node) parent.insertBefore(node, parent.children[index] ?? null);
    });
  }

  /**
   * The control of an item, as that wants it.
   *
   * @param {Item} item
   */
  control(item) {
    let found = this.#controls.get(item.name);
    if (found?.kind !== item.kind) {
      found?.control.node.remove();
      found = { kind: item.kind, control: new KINDS[item.kind](/** @type {never} */ (item), this) };
      this.#controls.set(item.name, found);
    }
    const present = item.name in this.#values ? { ...item, value: this.#values[item.name] } : item;
    found.control.update(/** @type {never} */ (present));
    return found.control;
  }
}
