// Edit mode: every weight and bias of the chosen unit and the inputs of the step, typed or dragged sideways.
//
// All edits travel as one text, "liW00:0.65,lfb0:1", all inputs as another, a row a step.
import { conversation } from "./conversation.js";
import { element } from "./dom.js";
import { chosen } from "./numbers.js";
import { tint } from "./step_reading.js";

const PER_PIXEL = 0.01;
const LARGEST = 99;

export class Editor {
  constructor(parent) {
    this.root = element("section", "gs-editor", parent);
    this.root.dataset.testid = "step-editor";
    this.heading = element("h2", "", this.root);
    this.hint = element("p", "gs-hint", this.root);
    this.table = element("table", "", this.root);
    this.root.addEventListener("pointerdown", (event) => this.press(event));
    this.root.addEventListener("pointermove", (event) => this.drag(event));
    for (const type of ["pointerup", "pointercancel"]) this.root.addEventListener(type, (event) => this.release(event));
    this.root.addEventListener("input", (event) => this.typed(event.target, false));
    this.root.addEventListener("change", (event) => this.typed(event.target, true));
    this.root.addEventListener("keydown", (event) => this.nudge(event));
    this.edits = new Map();
  }

  /** Take what the server knows, unless the reader has set something that it has yet to hear of. */
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
    const many = (name, count) => Array.from({ length: count }, (_, k) => (count > 1 ? `${name}${k + 1}` : name));
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

  field(row, ref) {
    const input = element("input", "gs-field", element("td", "", row));
    Object.assign(input, { type: "text", inputMode: "decimal", autocomplete: "off", spellcheck: false });
    const name = ref.channel === undefined ? this.code(ref) : `x${ref.channel}`;
    input.dataset.edit = name;
    const said = ref.channel === undefined ? `${ref.part} ${this.reading.name(ref.gate)}` : this.reading.name("x");
    input.setAttribute("aria-label", ref.part === "b" || ref.part === undefined ? said : `${said}, ${ref.row + 1}→${ref.unit + 1}`);
    this.fields.push({ input, ref, name });
  }

  code({ gate, part, row, unit }) {
    return `${this.reading.message.letter}${gate}${part}${part === "b" ? unit : `${row}${unit}`}`;
  }

  /** The number of a field, as the reader has set it last. */
  number({ ref, name }) {
    if (ref.channel !== undefined) return Number(this.inputs[this.step]?.[ref.channel] ?? 0);
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

  find(target) {
    return this.fields?.find(({ input }) => input === target);
  }

  set(field, value, settled) {
    if (!Number.isFinite(value)) return;
    const rounded = Number(Math.max(-LARGEST, Math.min(LARGEST, value)).toFixed(4));
    if (field.ref.channel === undefined) {
      this.edits.set(field.name, rounded);
      conversation.change("edits", [...this.edits].map((pair) => pair.join(":")).join(","), settled);
    } else {
      while (this.inputs.length <= this.step) this.inputs.push(Array(this.reading.message.inputs).fill("0"));
      this.inputs[this.step][field.ref.channel] = String(rounded);
      conversation.change("inputs", this.inputs.map((row) => row.join(",")).join("\n"), settled);
    }
    this.refresh();
  }

  typed(target, settled) {
    const field = this.find(target);
    if (!field) return;
    this.typing = settled ? undefined : target;
    const value = Number(target.value.trim().replace("−", "-").replace(",", "."));
    if (target.value.trim() === "" || !Number.isFinite(value)) {
      if (settled) this.refresh();
      return;
    }
    this.set(field, value, settled);
  }

  /** Arrow up and down change a number by a hundredth, with Shift by a tenth. */
  nudge(event) {
    const field = this.find(event.target);
    const by = { ArrowUp: 0.01, ArrowDown: -0.01 }[event.key];
    if (!field || !by) return;
    event.preventDefault();
    this.typing = undefined;
    this.set(field, this.number(field) + by * (event.shiftKey ? 10 : 1), true);
  }

  press(event) {
    const field = this.find(event.target);
    if (!field || event.button !== 0 || document.activeElement === event.target) return;
    this.held = { field, from: event.clientX, start: this.number(field), id: event.pointerId };
  }

  drag(event) {
    const { held } = this;
    if (held?.id !== event.pointerId) return;
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

  release(event) {
    const { held } = this;
    this.held = undefined;
    if (held?.id !== event.pointerId || !held.moved) return;
    event.preventDefault();
    held.field.input.blur();
    this.set(held.field, this.number(held.field), true);
  }
}

function pairs(text) {
  return (text || "")
    .split(",")
    .filter(Boolean)
    .map((item) => {
      const [name, value] = item.split(":");
      return [name, Number(value)];
    });
}
