// "Where does this number come from?": the formula of the chosen number with the numbers put in, and the way back.
//
// Every number is a button that leads to its own formula; the way that was walked stands above. What is shown carries
// data-place, data-step, data-unit and data-value with all digits, formulas data-squash and data-sign as well.
import { closest, element } from "./dom.js";
import { complete, factor, origin, product } from "./step_origin.js";
import { computed, percents } from "./numbers.js";
import { fill } from "./step_words.js";
import { isWeight, split, tint } from "./step_reading.js";

/** @import { Reading } from "./step_reading.js" */
/** @import { Factor, Formula, PlaceRef, Ref, Symbols, Term, WeightRef } from "./step_types.js" */

const SHOWN = 6; // terms of a long sum, the largest first; the others are folded away
const INLINE = 4; // terms of a sum that stands in one line

/**
 * "h" with a subscript, as HTML.
 *
 * @param {HTMLElement} parent
 * @param {Symbols} parts
 */
export function write(parent, parts) {
  for (const [base, below] of parts) {
    element("i", "", parent, base);
    if (below) element("sub", "", parent, below);
  }
  return parent;
}

export class Trail {
  /** @type {Reading} */
  reading;

  /**
   * @param {HTMLElement} parent
   * @param {(path: Ref[]) => void} walk called with the way to another number, the last one shown
   */
  constructor(parent, walk) {
    this.walk = walk;
    /** @type {Ref[]} */
    this.path = [];
    /** @type {Ref[]} */
    this.targets = []; // what the numbers of the formula lead to
    /** @type {string | undefined} */
    this.said = undefined;
    this.root = element("section", "gs-trail", parent);
    this.root.dataset.testid = "step-trail";
    this.heading = element("h2", "", this.root);
    this.crumbs = element("nav", "gs-crumbs", this.root);
    this.body = element("div", "gs-formula", this.root);
    this.root.addEventListener("click", (event) => this.click(event));
  }

  /**
   * Show the formula of the last of `path`.
   *
   * @param {Reading} reading
   * @param {Ref[]} path
   */
  show(reading, path) {
    this.reading = reading;
    this.path = path;
    this.targets = [];
    const { words } = reading.message;
    this.heading.textContent = words["step.ui.origin"];
    this.crumbs.setAttribute("aria-label", words["step.ui.way"]);
    this.body.replaceChildren();
    this.crumbs.hidden = path.length < 2;
    if (!path.length) {
      element("p", "gs-hint", this.body, words["step.ui.origin_hint"]);
      return;
    }
    if (path.length > 1) this.way();
    const ref = path[path.length - 1];
    const found = origin(reading, ref);
    this.equation(ref, found);
    this.because(ref, found);
  }

  /** The way so far, scrolled to its end when it has changed. */
  way() {
    const said = JSON.stringify(this.path.map((ref) => this.symbol(ref)));
    if (this.said === said) return;
    this.said = said;
    this.crumbs.replaceChildren();
    const list = element("ol", "", this.crumbs);
    this.path.forEach((ref, k) => {
      const item = element("li", "", list);
      const crumb = element("button", "gs-crumb", item);
      crumb.dataset.crumb = String(k);
      write(crumb, this.symbol(ref));
      if (k === this.path.length - 1) crumb.setAttribute("aria-current", "true");
    });
    list.scrollLeft = list.scrollWidth;
  }

  /**
   * @param {Ref} ref
   * @returns {Symbols}
   */
  symbol(ref) {
    const { units, message } = this.reading;
    const parts = this.reading.symbol(ref);
    if (isWeight(ref)) {
      const cell = matrix(ref) ? `[${ref.row + 1}, ${ref.unit + 1}]` : `[${ref.unit + 1}]`;
      const many = units > 1 || (matrix(ref) && message.inputs > 1);
      return many ? [...parts, [cell]] : parts;
    }
    return (split(ref.place)[0] === "x" ? message.inputs : units) > 1 ? [...parts, [`[${ref.unit + 1}]`]] : parts;
  }

  /**
   * @param {Ref} ref
   * @param {Formula} formula
   */
  equation(ref, { squash, terms }) {
    const line = element("div", "gs-line-of", this.body);
    const value = this.reading.number(ref);
    Object.assign(line.dataset, { testid: "step-formula", value, squash: squash ?? "", unit: ref.unit });
    if (isWeight(ref)) Object.assign(line.dataset, { weight: weight(ref) });
    else Object.assign(line.dataset, { place: ref.place, step: ref.step, gradient: ref.gradient ? 1 : 0 });
    const name = write(element("span", "gs-symbol", line), this.symbol(ref));
    tint(name, this.vector(ref));
    const long = terms.length > INLINE || (terms.length > 1 && terms[0].factors.length > 1 && isWeight(terms[0].factors[1].ref));
    if (terms.length && !long) {
      element("span", "gs-equals", line, "=");
      this.sum(line, terms, squash, (one) => write(element("span", "gs-symbol"), this.formed(one, this.symbol(one.ref))));
      element("span", "gs-equals", line, "=");
      this.sum(line, terms, squash, (one) => this.chip(one), true);
    }
    element("span", "gs-equals", line, "=");
    const shown = element("b", "gs-result", line, this.reading.shown(ref));
    shown.title = String(value);
    if (long) this.rows(terms);
  }

  /**
   * f(a × b + c), each factor made by `show`; `noted` where the numbers are.
   *
   * @param {HTMLElement} line
   * @param {Term[]} terms
   * @param {Formula["squash"]} squash
   * @param {(one: Factor) => HTMLElement} show
   */
  sum(line, terms, squash, show, noted = false) {
    const sum = element("span", noted ? "gs-numbers" : "gs-symbols", line);
    if (squash) sum.append(squash === "tanh" ? "tanh(" : "σ(");
    terms.forEach(({ sign, factors }, k) => {
      if (k || sign < 0) element("span", "gs-sign-of", sum, sign < 0 ? "−" : "+");
      const term = element("span", "gs-term", sum);
      if (noted) term.dataset.sign = String(sign);
      factors.forEach((one, j) => {
        if (j) element("span", "gs-times", term, noted ? "×" : "⊙");
        term.append(show(one));
      });
    });
    if (squash) sum.append(")");
  }

  /**
   * A long sum: a row a term, the largest first.
   *
   * @param {Term[]} terms
   */
  rows(terms) {
    const known = terms.filter((term) => complete(this.reading, term));
    const valued = known.map((term) => ({ term, value: product(this.reading, term) }));
    const sorted = valued.sort((one, other) => Math.abs(other.value) - Math.abs(one.value));
    const list = element("ul", "gs-terms", this.body);
    for (const { term, value } of sorted.slice(0, SHOWN)) this.row(list, term, value);
    const rest = sorted.slice(SHOWN);
    if (rest.length) {
      const together = rest.reduce((sum, { value }) => sum + value, 0);
      const more = element("details", "gs-more-terms", this.body);
      const text = fill(this.reading.message.words["step.ui.rest"], { count: rest.length, sum: computed(together) });
      const summary = element("summary", "", more, text);
      summary.dataset.value = String(together);
      more.addEventListener("toggle", () => {
        if (more.childElementCount > 1) return;
        const others = element("ul", "gs-terms", more);
        for (const { term, value } of rest) this.row(others, term, value);
      });
    }
    if (known.length < terms.length) {
      const count = terms.length - known.length;
      element("p", "gs-hint", this.body, fill(this.reading.message.words["step.ui.unsent"], { count }));
    }
  }

  /**
   * @param {HTMLElement} list
   * @param {Term} term
   * @param {number} value
   */
  row(list, { sign, factors }, value) {
    const row = element("li", "", list);
    const term = element("span", "gs-term", row);
    term.dataset.sign = String(sign);
    factors.forEach((one, k) => {
      if (k) element("span", "gs-times", term, "×");
      const pair = element("span", "gs-pair", term);
      write(element("span", "gs-symbol", pair), this.formed(one, this.symbol(one.ref)));
      pair.append(this.chip(one));
    });
    element("span", "gs-equals", row, sign < 0 ? "= −" : "=");
    element("span", "gs-product", row, computed(sign < 0 ? -value : value)).dataset.value = String(value);
  }

  /**
   * @param {Factor} factor
   * @param {Symbols} parts
   * @returns {Symbols}
   */
  formed({ form }, parts) {
    if (form === "one_minus") return [["1 − "], ...parts];
    if (form === "one_minus_square") return [["1 − "], ...parts, ["²"]];
    return form === "slope" ? [...parts, ["(1 − "], ...parts, [")"]] : parts;
  }

  /**
   * A number that leads on.
   *
   * @param {Factor} factor
   */
  chip({ ref, form }) {
    const { reading } = this;
    const chip = element("button", "gs-chip");
    chip.dataset.target = String(this.targets.push(ref) - 1);
    const known = reading.has(ref);
    const value = known ? reading.number(ref) : NaN;
    Object.assign(chip.dataset, { value, unit: ref.unit, form: form || "plain" });
    tint(chip, this.vector(ref));
    if (isWeight(ref)) chip.dataset.weight = weight(ref);
    else Object.assign(chip.dataset, { place: ref.place, step: ref.step, gradient: ref.gradient ? 1 : 0 });
    const shown = known ? reading.shown(ref) : "·";
    const signed = shown.startsWith("−") ? `(${shown})` : shown;
    const formed = { "": shown, one_minus: `(1 − ${signed})`, one_minus_square: `(1 − ${signed}²)`, slope: `${signed}(1 − ${signed})` };
    chip.textContent = formed[form];
    chip.setAttribute("aria-label", `${chip.textContent} ${this.name(ref)}`); // what is seen comes first
    chip.title = this.name(ref);
    chip.dataset.shown = computed(known ? factor(reading, { ref, form }) : NaN);
    return chip;
  }

  /** @param {Ref} ref */
  name(ref) {
    const { message } = this.reading;
    if (isWeight(ref)) {
      if (!matrix(ref)) return this.reading.name(`${ref.part}_${ref.gate}`);
      const fields = { gate: this.reading.name(ref.gate), from: ref.row + 1, to: ref.unit + 1 };
      return fill(message.words[`step.ui.weight_${ref.part}`], fields);
    }
    const at = `${this.reading.name(ref.place)}, t = ${ref.step + 1}`;
    return ref.gradient ? `∂L/∂ ${at}` : at;
  }

  /** @param {Ref} ref */
  vector(ref) {
    return isWeight(ref) ? ref.gate : this.reading.vectorOf(ref.place);
  }

  /**
   * One sentence about the number: what it is, or why there is no formula.
   *
   * @param {Ref} ref
   * @param {Formula} formula
   */
  because(ref, { note }) {
    const { words } = this.reading.message;
    const name = element("p", "gs-called", this.body);
    element("b", "", name, this.name(ref));
    const noted = note && words[`step.ui.note.${note}`];
    const why = noted
      ? fill(noted, { t: (ref.step ?? 0) + 1, before: ref.step, value: this.reading.shown(ref) })
      : !isWeight(ref) && !ref.gradient && this.why(ref);
    if (why) name.append(" · ", why);
  }

  /** @param {PlaceRef} ref */
  why(ref) {
    const { reading } = this;
    const [base, gate] = split(ref.place);
    const sentence = gate
      ? reading.message.words[`step.why.affine.${base}`]
      : reading.message.words[`step.why.${reading.network}.${ref.place}`];
    return sentence && fill(sentence, fields(reading, ref, gate));
  }

  /** @param {Event} event */
  click(event) {
    const button = closest(event, "button");
    if (!button || !this.root.contains(button)) return;
    if (button.dataset.crumb !== undefined) this.walk(this.path.slice(0, Number(button.dataset.crumb) + 1));
    else if (button.dataset.target !== undefined) this.walk([...this.path, this.targets[Number(button.dataset.target)]]);
  }
}

/**
 * "W_f[1,2]", counted from 1 as on the screen.
 *
 * @param {WeightRef} ref
 */
function weight(ref) {
  const { gate, part, row, unit } = ref;
  return `${part}_${gate}[${matrix(ref) ? `${row + 1},${unit + 1}` : unit + 1}]`;
}

/** @param {WeightRef} ref */
function matrix({ part }) {
  return part === "W" || part === "U";
}

/**
 * The numbers of a sentence's template, by the names of its fields, each made when it is asked for.
 *
 * @param {Reading} reading
 * @param {{step: number, unit: number}} at
 * @param {string} [gate]
 * @returns {Record<string, string | number>}
 */
export function fields(reading, { step, unit }, gate = "") {
  const { message } = reading;
  const get = (/** @type {object} */ _, /** @type {string} */ name) => {
    if (name === "t") return step + 1;
    if (name === "before") return step;
    if (name === "unit") return unit + 1;
    if (name === "gate") return reading.name(gate);
    if (gate && name === "b") return reading.shown({ gate, part: "b", row: 0, unit });
    const [, gradient, bare, form] = /** @type {string[]} */ (name.match(/^(d_)?(.+?)(_percent|_rest)?$/));
    const own = [`${bare}_${gate}`, ...(bare === "hU" ? [`pU_${gate}`] : [])].find((one) => one in message.values);
    const place = bare in message.values ? bare : own;
    if (!place || !reading.rows(place, Boolean(gradient))) return "–";
    const ref = { place, step, unit: place === "x" ? Math.min(unit, message.inputs - 1) : unit, gradient: Boolean(gradient) };
    const value = reading.value(ref);
    if (form) return percents(form === "_rest" ? 1 - value : value, 3);
    return reading.text(place, value, Boolean(gradient));
  };
  return new Proxy({}, { get });
}
