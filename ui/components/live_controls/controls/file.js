// file: one that is read here and sent as a text, unless it is too large.
import { Control } from "./control.js";
import { conversation } from "./conversation.js";
import { element } from "./dom.js";

/** @import { Labelled } from "./control.js" */
/** @typedef {Labelled & {accept: string, bytes: number, large: string, meaning?: string}} FileItem `large` is said of one beyond `bytes` */

export class File extends Control {
  /** @param {FileItem} item */
  constructor(item) {
    super(item, "gs-control gs-file");
    this.item = item;
    const id = `gs-${item.name}`;
    this.heading(id);
    this.input = element("input", "", this.node);
    Object.assign(this.input, { type: "file", id });
    this.meaning = element("div", "gs-meaning", this.node);
    this.input.addEventListener("change", () => this.read(this.input.files?.[0]));
  }

  /** @param {Blob} [file] */
  async read(file) {
    if (!file) return;
    if (file.size > this.item.bytes) this.meaning.textContent = this.item.large;
    else conversation.act({ name: this.name, value: await file.text() });
    this.input.value = "";
  }

  /** @param {FileItem} item */
  update(item) {
    this.item = item;
    this.describe(item);
    this.input.accept = item.accept;
    if (item.meaning !== undefined) this.meaning.textContent = item.meaning;
  }
}
