// Clamp mode: hold a gate or a state at a value, at this step, from here on or at all steps.
import { conversation } from "./conversation.js";
import { closest, element } from "./dom.js";
import { computed } from "./numbers.js";
import { fill } from "./step_words.js";
import { tint } from "./step_reading.js";

/** @import { Reading } from "./step_reading.js" */

const SCOPES = ["step", "on", "all"];

export class Clamper {
  /** @type {Reading} */
  reading;

  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.step = 0;
    this.unit = 0;
    this.vector = ""; // what is held, or could be
    /** @type {string | undefined} */
    this.key = undefined;
    this.root = element("section", "gs-clamper", parent);
    this.root.dataset.testid = "step-clamper";
    this.heading = element("h2", "", this.root);
    this.hint = element("p", "gs-hint", this.root);
    this.gates = element("div", "gs-chips", this.root);
    this.form = element("div", "gs-clamp-form", this.root);
    this.label = element("label", "", this.form);
    this.label.htmlFor = "gs-clamp-value";
    this.input = element("input", "gs-scrub", this.form);
    Object.assign(this.input, { type: "range", step: "0.01", id: "gs-clamp-value" });
    this.shown = element("output", "", this.form);
    this.scopes = element("div", "gs-scopes", this.root);
    this.scopes.setAttribute("role", "radiogroup");
    this.options = SCOPES.map((scope) => this.option(this.scopes, "radio", scope));
    this.alone = this.option(this.root, "checkbox", "alone");
    this.options[0].input.checked = true;
    const bar = element("div", "gs-clamp-bar", this.root);
    this.hold = element("button", "gs-hold", bar);
    this.free = element("button", "gs-release", bar);
    this.input.addEventListener("input", () => this.put(false));
    this.input.addEventListener("change", () => this.put(true));
    this.hold.addEventListener("click", () => this.put(true));
    this.free.addEventListener("click", () => conversation.act({ name: "step_release", value: { vector: this.vector } }));
    this.gates.addEventListener("click", (event) => {
      const vector = closest(event, "button")?.dataset.vector;
      if (vector) this.choose(vector);
    });
  }

  /**
   * @param {HTMLElement} parent
   * @param {"radio" | "checkbox"} type
   * @param {string} name
   */
  option(parent, type, name) {
    const label = element("label", "gs-scope", parent);
    const input = element("input", "", label);
    Object.assign(input, { type, name: `gs-clamp-${type}`, value: name });
    return { label, input, text: element("span", "", label), name };
  }

  /**
   * @param {Reading} reading
   * @param {number} step
   * @param {number} unit
   */
  show(reading, step, unit) {
    const { words, network, units } = reading.message;
    this.reading = reading;
    [this.step, this.unit] = [step, unit];
    this.heading.textContent = words["step.ui.clamp"];
    this.hint.textContent = words["step.ui.clamp_hint"];
    this.scopes.setAttribute("aria-label", words["step.ui.clamp_when"]);
    const texts = [words["step.ui.clamp_step"], words["step.ui.clamp_on"], words["step.ui.clamp_all"]];
    this.options.forEach(({ text }, k) => (text.textContent = fill(texts[k], { t: step + 1 })));
    this.alone.text.textContent = fill(words["step.ui.clamp_alone"], { unit: unit + 1 });
    this.alone.label.hidden = units < 2;
    this.hold.textContent = words["step.ui.hold"];
    this.free.textContent = words["step.ui.release"];
    const vectors = [...reading.gates, ...reading.states.filter((state) => !reading.gates.includes(state))];
    if (!vectors.includes(this.vector)) this.vector = vectors[0];
    if (this.key !== `${network} ${reading.language}`) {
      this.key = `${network} ${reading.language}`;
      this.gates.replaceChildren();
      for (const vector of vectors) {
        tint(element("button", "gs-chip", this.gates, reading.name(vector)), vector);
      }
    }
    this.follow();
  }

  /** The slider stands where the chosen vector is, unless it is being moved. */
  follow() {
    const { reading, vector, step, unit } = this;
    const [low, high] = reading.message.clamped[vector];
    Object.assign(this.input, { min: String(low), max: String(high) });
    const held = reading.held({ place: vector, step, unit });
    if (!conversation.isLocal("step_clamp")) this.input.value = String(reading.value({ place: vector, step, unit }));
    this.print();
    this.label.textContent = reading.name(vector);
    this.input.setAttribute("aria-label", reading.name(vector));
    this.free.disabled = !reading.message.held[vector]?.some((row) => row.some(Boolean));
    this.root.dataset.held = String(held);
    for (const chip of this.chips()) chip.setAttribute("aria-pressed", String(chip.dataset.vector === vector));
  }

  chips() {
    return /** @type {HTMLElement[]} */ ([...this.gates.children]);
  }

  print() {
    const [min, max, value] = [this.input.min, this.input.max, this.input.value].map(Number);
    this.shown.textContent = computed(value);
    this.input.style.setProperty("--gs-share", String((value - min) / (max - min)));
  }

  /**
   * A box of the drawing was chosen. Returns whether it can be held.
   *
   * @param {string} place
   */
  choose(place) {
    if (!this.chips().some(({ dataset }) => dataset.vector === place)) return false;
    this.vector = place;
    this.follow();
    return true;
  }

  /** @param {boolean} settled */
  put(settled) {
    this.print();
    const scope = this.options.find(({ input }) => input.checked)?.name;
    const value = {
      vector: this.vector,
      value: Number(this.input.value),
      start: scope === "all" ? 0 : this.step,
      stop: scope === "step" ? this.step + 1 : null,
      unit: this.alone.input.checked && this.reading.units > 1 ? this.unit : null,
    };
    conversation.change("step_clamp", value, settled);
  }
}
