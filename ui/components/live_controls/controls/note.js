// note: a sentence among the controls.
import { Control } from "./control.js";
import { element, write } from "./dom.js";

/** @import { Labelled } from "./control.js" */
/** @typedef {Labelled & {warning?: boolean}} NoteItem */

export class Note extends Control {
  /** @param {NoteItem} item */
  constructor(item) {
    super(item, "gs-control gs-note");
    this.text = element("p", "", this.node);
  }

  /** @param {NoteItem} item */
  update(item) {
    write(this.text, item.label);
    this.node.classList.toggle("gs-warning", Boolean(item.warning));
  }
}
