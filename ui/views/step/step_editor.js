// Edit mode: every weight and bias of the chosen unit and the inputs of the step, typed or dragged sideways.
//
// All edits travel as one text, "liW00:0.65,lfb0:1", all inputs as another, a row a step.
import { conversation } from "./conversation.js";
import { element } from "./dom.js";
import { chosen } from "./numbers.js";
import { tint } from "./step_reading.js";

/** @import { Reading } from "./step_reading.js" */
/** @import { WeightRef } from "./step_types.js" */

const PER_PIXEL = 0.01;
const LARGEST = 99;

/** @typedef {{channel: number}} ChannelRef an input of the step */
/** @typedef {{input: HTMLInputElement, ref: WeightRef | ChannelRef, name: string}} Field */
/** @typedef {{field: Field, from: number, start: number, id: number, moved?: boolean}} Held */

export class Editor {
  /** @type {Reading} */
  reading;
  /** @type {Held | undefined} */
  held;
  /** @type {EventTarget | null | undefined} */
  typing; // the field in which the reader types
  /** @type {HTMLTableCellElement | undefined} */
  when; // the head of the row of inputs
  /** @type {string | undefined} */
  key;

  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.step = 0;
    this.unit = 0;
    /** @type {Field[]} */
    this.fields = [];
    /** @type {string[][]} */
    this.inputs = [];
    /** @type {Map<string, number>} */
    this.edits = new Map();
    this.root = element("section", "gs-editor", parent);
    this.root.dataset.testid = "step-editor";
    this.heading = element("h2", "", this.root);
    this.hint = element("p", "gs-hint", this.root);
    this.table = element("table", "", this.root);
    this.root.addEventListener("pointerdown", (event) => this.press(event));
    this.root.addEventListener("pointermove", (event) => this.drag(event));
    this.root.addEventListener("pointerup", (event) => this.release(event));
    this.root.addEventListener("pointercancel", (event) => this.release(event));
    this.root.addEventListener("input", (event) => this.typed(event.target, false));
    this.root.addEventListener("change", (event) => this.typed(event.target, true));
    this.root.addEventListener("keydown", (event) => this.nudge(event));
  }

  /**
   * Take what the server knows, unless the reader has set something that it has yet to hear of.
   *
   * @param {Reading} reading
   * @param {number} step
   * @param {number} unit
   */
  show(reading, step, unit) {
    const { message } = reading;
    const { words } = message;
    this.reading = reading;
    [this.step, this.unit] = [step, unit];
    this.heading.textContent = words["step.ui.edit"];
    this.hint.textContent = message.editable ? words["step.ui.edit_hint"] : words["step.ui.too_many"];
    this.table.hidden = !message.editable;
    if (!conversation.isLocal("edits")) this.edits = new Map(pairs(message.edits));
    if (!conversation.isLocal("inputs")) this.inputs = message.data ? message.data.split("\n").map((row) => row.split(",")) : [];
    if (!message.editable) return;
    const key = JSON.stringify([message.network, message.inputs, message.units, unit, this.reading.language, Boolean(message.data)]);
    if (this.key !== key) {
      this.key = key;
      this.build();
    }
    this.refresh();
  }

  build() {
    const { message } = this.reading;
    const { words, inputs, units } = message;
    const many = (/** @type {string} */ name, /** @type {number} */ count) => Array.from({ length: count }, (_, k) => (count > 1 ? `${name}${k + 1}` : name));
    this.table.replaceChildren();
    const head = element("tr", "", element("thead", "", this.table));
    element("th", "", head, units > 1 ? `${words["step.ui.unit"]} ${this.unit + 1}` : "").scope = "col";
    for (const name of [...many("W", inputs), ...many("U", units), "b"]) element("th", "", head, name).scope = "col";
    const body = element("tbody", "", this.table);
    this.fields = [];
    for (const gate of this.reading.gates) {
      const row = element("tr", "", body);
      tint(row, gate);
      element("th", "", row, this.reading.name(gate)).scope = "row";
      for (let j = 0; j < inputs; j++) this.field(row, { gate, part: "W", row: j, unit: this.unit });
      for (let j = 0; j < units; j++) this.field(row, { gate, part: "U", row: j, unit: this.unit });
      this.field(row, { gate, part: "b", row: 0, unit: this.unit });
    }
    if (!message.data) return;
    const row = element("tr", "gs-inputs", body);
    tint(row, "x");
    this.when = element("th", "", row);
    this.when.scope = "row";
    for (let j = 0; j < inputs; j++) this.field(row, { channel: j });
  }

  /**
   * @param {HTMLElement} row
   * @param {WeightRef | ChannelRef} ref
   */
  field(row, ref) {
    const input = element("input", "gs-field", element("td", "", row));
    Object.assign(input, { type: "text", inputMode: "decimal", autocomplete: "off", spellcheck: false });
    const name = "channel" in ref ? `x${ref.channel}` : this.code(ref);
    input.dataset.edit = name;
    input.setAttribute("aria-label", "channel" in ref ? this.reading.name("x") : this.said(ref));
    this.fields.push({ input, ref, name });
  }

  /** @param {WeightRef} ref */
  said({ gate, part, row, unit }) {
    const said = `${part} ${this.reading.name(gate)}`;
    return part === "b" ? said : `${said}, ${row + 1}→${unit + 1}`;
  }

  /** @param {WeightRef} ref */
  code({ gate, part, row, unit }) {
    return `${this.reading.message.letter}${gate}${part}${part === "b" ? unit : `${row}${unit}`}`;
  }

  /**
   * The number of a field, as the reader has set it last.
   *
   * @param {Field} field
   */
  number({ ref, name }) {
    if ("channel" in ref) return Number(this.inputs[this.step]?.[ref.channel] ?? 0);
    return this.edits.get(name) ?? this.reading.weight(ref);
  }

  refresh() {
    if (this.when) this.when.textContent = `${this.reading.name("x")}, t = ${this.step + 1}`;
    for (const field of this.fields) {
      if (this.typing === field.input) continue;
      const text = chosen(this.number(field));
      if (field.input.value !== text) field.input.value = text;
      field.input.classList.toggle("gs-edited", this.edits.has(field.name));
    }
  }

  /** @param {EventTarget | null} target */
  find(target) {
    return this.fields.find(({ input }) => input === target);
  }

  /**
   * @param {Field} field
   * @param {number} value
   * @param {boolean} settled
   */
  set(field, value, settled) {
    if (!Number.isFinite(value)) return;
    const rounded = Number(Math.max(-LARGEST, Math.min(LARGEST, value)).toFixed(4));
    if (!("channel" in field.ref)) {
      this.edits.set(field.name, rounded);
      conversation.change("edits", [...this.edits].map((pair) => pair.join(":")).join(","), settled);
    } else {
      while (this.inputs.length <= this.step) this.inputs.push(Array(this.reading.message.inputs).fill("0"));
      this.inputs[this.step][field.ref.channel] = String(rounded);
      conversation.change("inputs", this.inputs.map((row) => row.join(",")).join("\n"), settled);
    }
    this.refresh();
  }

  /**
   * @param {EventTarget | null} target
   * @param {boolean} settled
   */
  typed(target, settled) {
    const field = this.find(target);
    if (!field) return;
    this.typing = settled ? undefined : target;
    const text = field.input.value.trim();
    const value = Number(text.replace("−", "-").replace(",", "."));
    if (text === "" || !Number.isFinite(value)) {
      if (settled) this.refresh();
      return;
    }
    this.set(field, value, settled);
  }

  /**
   * Arrow up and down change a number by a hundredth, with Shift by a tenth.
   *
   * @param {KeyboardEvent} event
   */
  nudge(event) {
    const field = this.find(event.target);
    const by = event.key === "ArrowUp" ? 0.01 : event.key === "ArrowDown" ? -0.01 : 0;
    if (!field || !by) return;
    event.preventDefault();
    this.typing = undefined;
    this.set(field, this.number(field) + by * (event.shiftKey ? 10 : 1), true);
  }

  /** @param {PointerEvent} event */
  press(event) {
    const field = this.find(event.target);
    if (!field || event.button !== 0 || document.activeElement === event.target) return;
    this.held = { field, from: event.clientX, start: this.number(field), id: event.pointerId };
  }

  /** @param {PointerEvent} event */
  drag(event) {
    const { held } = this;
    if (!held || held.id !== event.pointerId) return;
    const way = event.clientX - held.from;
    if (!held.moved && Math.abs(way) < 4) return;
    if (!held.moved) {
      held.moved = true;
      held.field.input.setPointerCapture(event.pointerId);
      held.field.input.blur();
    }
    event.preventDefault();
    this.set(held.field, held.start + Math.round(way) * PER_PIXEL * (event.shiftKey ? 10 : 1), false);
  }

  /** @param {PointerEvent} event */
  release(event) {
    const { held } = this;
    this.held = undefined;
    if (!held || held.id !== event.pointerId || !held.moved) return;
    event.preventDefault();
    held.field.input.blur();
    this.set(held.field, this.number(held.field), true);
  }
}

/**
 * "liW00:0.65,lfb0:1" as pairs.
 *
 * @param {string} text
 * @returns {[name: string, value: number][]}
 */
function pairs(text) {
  return text
    .split(",")
    .filter(Boolean)
    .map((item) => {
      const [name, value] = item.split(":");
      return [name, Number(value)];
    });
}
