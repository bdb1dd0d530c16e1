// step_cell: one step of a network opened up, drawn from the numbers of its recording.
//
// One message holds a whole run. Which step and which unit are looked at is kept here: moving through them asks nothing
// of the server. They stand in the address once the finger lifts, and go along with the next report (conversation.keep).
import colours from "./colours.js";
import { conversation } from "./conversation.js";
import { element, write } from "./dom.js";
import { Light } from "./theme.js";
import { Clamper } from "./step_clamper.js";
import { Drawing } from "./step_drawing.js";
import { Editor } from "./step_editor.js";
import { Equations } from "./step_equations.js";
import { template } from "./step_words.js";
import { Player } from "./step_player.js";
import { Reading, isWeight, parameter } from "./step_reading.js";
import { Trail, fields } from "./step_trail.js";

/** @import { Shown } from "./types.js" */
/** @import { Message, Ref } from "./step_types.js" */

const NARROW = 700; // pixels; below it the scene goes from top to bottom
const REST_MS = 160; // after the last of several quick moves the address and the screen reader follow
const EXPLAIN_MS = 200; // at most so often the formulas below follow while something moves
const LONGEST_TRAIL = 60;

export default class StepCell {
  /** @type {Message} */
  message;
  /** @type {Reading} */
  reading;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  rest; // until things are still
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  explaining; // until the formulas follow
  /** @type {number | undefined} */
  explained; // when they did last
  /** @type {{step: number, unit: number} | undefined} */
  kept; // what the reader has moved to
  /** @type {boolean | undefined} */
  bars; // of all units
  /** @type {string | undefined} */
  value; // the settings that are shown
  /** @type {string | undefined} */
  said; // the notices
  /** @type {string | undefined} */
  template; // of the sentence
  /** @type {string | undefined} */
  marked;
  /** @type {string | undefined} */
  markedIn;

  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.step = 0;
    this.unit = 0;
    this.width = 0;
    this.compact = false;
    this.backward = false;
    /** @type {Ref[]} */
    this.path = []; // the way to the number whose origin is shown
    /** @type {[name: string, node: Text][]} */
    this.blanks = []; // of the sentence
    this.root = element("div", "gs-step", parent);
    Object.assign(this.root.dataset, { testid: "step-cell", drawn: "0" });
    this.sentence = element("p", "gs-sentence", this.root);
    const stage = element("div", "gs-cell", this.root);
    this.drawing = new Drawing(stage, (ref, unit) => this.pick(ref, unit));
    const bar = element("div", "gs-step-bar", this.root);
    this.player = new Player(bar, {
      move: (step, settled) => this.move(step, settled),
      phase: (index) => {
        this.drawing.phase(index);
        this.equations.phase(index);
      },
    });
    this.units = element("div", "gs-units", bar);
    this.all = element("button", "gs-all", this.units);
    this.less = element("button", "gs-unit-step", this.units);
    this.which = element("span", "gs-unit", this.units);
    this.more = element("button", "gs-unit-step", this.units);
    this.less.textContent = "‹";
    this.more.textContent = "›";
    this.less.addEventListener("click", () => this.choose(this.unit - 1));
    this.more.addEventListener("click", () => this.choose(this.unit + 1));
    this.all.addEventListener("click", () => {
      this.bars = !this.bars;
      this.build();
      this.draw();
    });
    this.notices = element("div", "gs-notices", this.root);
    this.below = element("div", "gs-below", this.root);
    this.editor = new Editor(this.below);
    this.clamper = new Clamper(this.below);
    this.trail = new Trail(this.below, (path) => this.walk(path));
    this.equations = new Equations(this.below, (place) => this.pick({ place, step: this.step, unit: this.unit }));
    this.spoken = element("p", "gs-spoken", this.root);
    this.spoken.setAttribute("aria-live", "polite");
    this.resizer = new ResizeObserver(() => this.resize());
    this.resizer.observe(stage);
    this.light = new Light(parent, () => this.paint());
    this.paint();
    this.measure();
    this.root.gatescope = this;
  }

  destroy() {
    clearTimeout(this.rest);
    clearTimeout(this.explaining);
    this.resizer.disconnect();
    this.light.destroy();
    this.player.destroy();
    this.root.remove();
  }

  /**
   * The drawing is the message's `body`, and `this.message` from now on.
   *
   * @param {Shown<Message>} shown
   */
  show({ name, body: message, words: { notices }, value, settled }) {
    /** @type {Message | undefined} */
    const before = this.message;
    this.message = message;
    this.reading = new Reading(message);
    this.backward = message.mode === "backward" && Boolean(message.gradients);
    // What the reader has moved to is newer than what the server last heard of.
    const { kept } = this;
    if (!before || (message.step !== before.step && message.step !== kept?.step)) this.step = message.step;
    if (!before || (message.unit !== before.unit && message.unit !== kept?.unit)) this.unit = message.unit;
    this.step = clamp(this.step, message.steps);
    this.unit = clamp(this.unit, message.units);
    this.bars ??= message.units > 1;
    this.root.dataset.name = name;
    this.root.dataset.mode = message.mode;
    this.root.dataset.network = message.network;
    if (before?.network !== message.network) this.tint(message.colours);
    this.template = undefined;
    this.keepTrail(before);
    this.notify(notices);
    this.build();
    this.player.update(message, this.step);
    this.equations.show(message, this.backward);
    this.tools();
    this.draw();
    this.root.dataset.value = this.value = value;
    if (settled) this.settle(false);
  }

  /**
   * Sentences about what could not be done; the picture stays.
   *
   * @param {string[]} notices
   */
  notify(notices) {
    const said = notices.join("\n");
    if (this.said === said) return;
    this.said = said;
    this.notices.replaceChildren();
    for (const text of notices) element("p", "gs-notice", this.notices).textContent = text;
  }

  get theme() {
    return this.light.theme;
  }

  paint() {
    const { theme } = this;
    this.root.dataset.theme = theme;
    this.root.style.setProperty("--gs-muted", colours[theme].muted);
  }

  /** @param {Record<string, string>} colours */
  tint(colours) {
    for (const [vector, colour] of Object.entries(colours)) this.root.style.setProperty(`--v-${vector}`, colour);
  }

  /**
   * The way walked so far holds on as long as its numbers are there.
   *
   * @param {Message | undefined} before
   */
  keepTrail(before) {
    const same = before?.network === this.message.network && before.mode === this.message.mode;
    const there = (/** @type {Ref} */ ref) =>
      this.reading.has(ref) &&
      (isWeight(ref) ? ref.row < this.message.params[ref.gate][ref.part].length : ref.step < this.message.steps);
    const last = this.path.at(-1);
    if (last && same && this.path.every(there) && (last.step === this.step || isWeight(last))) return;
    this.follow();
  }

  /** Note how wide we are, only when that may have changed: to ask has the browser lay out the page. */
  measure() {
    this.width = this.root.clientWidth || this.width || 1000;
    this.compact = this.width < NARROW;
  }

  build() {
    this.root.classList.toggle("gs-narrow", this.compact);
    const bars = Boolean(this.bars) && this.message.units > 1;
    this.drawing.build(this.reading, { compact: this.compact, bars, gradient: this.backward });
    const { words, units } = this.message;
    this.units.hidden = units < 2;
    write(this.all, words["step.ui.bars"]);
    this.all.setAttribute("aria-pressed", String(bars));
    this.less.setAttribute("aria-label", words["step.ui.unit_before"]);
    this.more.setAttribute("aria-label", words["step.ui.unit_after"]);
  }

  resize() {
    const { width } = this;
    this.measure();
    if (!this.message || this.width === width) return;
    this.build();
    this.draw();
  }

  /**
   * The reader goes to a step.
   *
   * @param {number} step
   * @param {boolean} settled
   */
  move(step, settled) {
    const moved = step !== this.step;
    this.step = step;
    if (moved) {
      this.follow();
      this.draw();
    }
    if (settled) this.settle(true);
    else this.later();
  }

  /** @param {number} unit */
  choose(unit) {
    this.unit = (unit + this.message.units) % this.message.units;
    this.follow();
    this.draw();
    this.settle(true);
  }

  /** The number whose origin is shown stays the same one, at the present step and unit. */
  follow() {
    const last = this.path.at(-1);
    const place = last?.place && last.place in this.message.values ? last.place : "h";
    const unit = last && place === "x" ? Math.min(last.unit, this.message.inputs - 1) : this.unit;
    this.path = [{ place, step: this.step, unit, gradient: this.backward }];
  }

  /**
   * A number of the drawing or of an equation was chosen; with `unit` a bar of it.
   *
   * @param {Ref} ref
   * @param {number} [unit]
   */
  pick(ref, unit) {
    if (unit !== undefined && unit !== this.unit) {
      this.choose(unit);
      return;
    }
    const constant = ref.place && this.reading.constant(ref.place);
    const chosen = isWeight(ref) ? ref : { ...ref, gradient: ref.gradient || this.backward };
    const target = constant ? parameter(constant.join("."), this.unit) : chosen;
    if (!this.reading.has(target)) return;
    if (this.message.mode === "clamp" && target.place) this.clamper.choose(target.place);
    this.walk([target]);
  }

  /**
   * The way to a number, which may stand at another step or unit: the drawing goes there too.
   *
   * @param {Ref[]} path
   */
  walk(path) {
    this.player.pause();
    this.path = path.slice(-LONGEST_TRAIL);
    const last = path[path.length - 1];
    if (!isWeight(last)) {
      this.step = last.step;
      if (last.place !== "x") this.unit = last.unit;
    }
    this.explained = 0; // at once: the next click may be under way
    this.draw();
    this.settle(true);
  }

  tools() {
    const { mode } = this.message;
    this.editor.root.hidden = mode !== "edit";
    this.clamper.root.hidden = mode !== "clamp";
  }

  draw() {
    const { step, unit, drawing } = this;
    const last = this.path[this.path.length - 1];
    if (last.place === "x") drawing.channel = last.unit;
    drawing.draw(step, unit);
    this.say();
    this.player.show(step);
    const chosen = isWeight(last) ? `${last.part}_${last.gate}` : last.place;
    drawing.select(chosen);
    if (this.marked !== chosen || this.message.network !== this.markedIn) this.equations.mark(chosen);
    [this.marked, this.markedIn] = [chosen, this.message.network];
    this.explain();
    write(this.which, `${this.message.words["step.ui.unit"]} ${unit + 1}`);
    const { dataset } = this.root;
    Object.assign(dataset, { at: step, unit, drawn: Number(dataset.drawn) + 1 });
  }

  /**
   * The formulas below follow; while something moves fast not with every picture.
   *
   * Nodes that come and go have the browser match Streamlit's selectors with :has() anew, which takes longer than a
   * picture. data-at tells the step of every picture.
   */
  explain() {
    const now = performance.now();
    clearTimeout(this.explaining);
    const wait = EXPLAIN_MS - (now - (this.explained ?? -EXPLAIN_MS));
    if (wait > 0) {
      this.explaining = setTimeout(() => this.explain(), wait);
      return;
    }
    this.explained = now;
    this.root.dataset.step = String(this.step);
    this.trail.show(this.reading, this.path);
    if (this.message.mode === "edit") this.editor.show(this.reading, this.step, this.unit);
    if (this.message.mode === "clamp") this.clamper.show(this.reading, this.step, this.unit);
  }

  /** The sentence above the drawing: a template whose numbers are text nodes. */
  say() {
    const { words, network, mode } = this.message;
    const kind = mode === "edit" && !this.message.editable ? "large" : mode;
    const key = this.step === 0 && mode === "watch" ? `step.start.${network}` : `step.sentence.${network}.${kind}`;
    const sentence = words[key] ?? words[`step.sentence.${network}.watch`] ?? "";
    if (this.template !== sentence) {
      this.template = sentence;
      this.blanks = [];
      this.sentence.replaceChildren();
      for (const part of template(sentence)) {
        if (typeof part === "string") this.sentence.append(part);
        else {
          const node = element("b", "", this.sentence).appendChild(document.createTextNode(""));
          this.blanks.push([part.name, node]);
        }
      }
    }
    const numbers = fields(this.reading, this);
    for (const [name, node] of this.blanks) {
      const text = String(numbers[name]);
      if (node.data !== text) node.data = text;
    }
  }

  later() {
    clearTimeout(this.rest);
    if (!this.player.playing) this.rest = setTimeout(() => this.settle(true), REST_MS);
  }

  /**
   * Things are still: the screen reader hears the sentence and, where it was the reader who moved, the address follows.
   *
   * @param {boolean} [moved]
   */
  settle(moved) {
    clearTimeout(this.rest);
    this.root.dataset.step = String(this.step);
    this.drawing.label();
    write(this.spoken, this.sentence.textContent ?? "");
    if (!moved) return;
    const { short } = this.message;
    this.kept = { step: this.step, unit: this.unit };
    conversation.keep("cursor", this.step, short.cursor);
    conversation.keep("unit", this.unit, short.unit);
  }
}

/**
 * @param {number} index
 * @param {number} length
 */
function clamp(index, length) {
  return Math.max(0, Math.min(length - 1, index));
}
