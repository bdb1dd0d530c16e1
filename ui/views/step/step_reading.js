// One message read: the value, gradient, weight and name of any place, at any step, for any unit.
//
// A reference is {place, step, unit}, with `gradient: true` for dL/d(place); a weight is {gate, part, row, unit}.
// Steps and units count from 0. The places, and what each is made of, are those of the cell's table, `message.graph`
// (recurrent_core/cells/graph.py): rows [name, operation, inputs].
import { chosen, computed } from "./numbers.js";
import { fill } from "./step_words.js";

/** @import { Row } from "./types.js" */
/** @import { Message, PlaceRef, Ref, Symbols, WeightRef } from "./step_types.js" */

/**
 * "xW_f" -> ["xW", "f"]; "kept" -> ["kept"]; "h_before" is one word.
 *
 * @param {string} place
 * @returns {[base: string, gate?: string]}
 */
export function split(place) {
  const at = place.endsWith("_before") ? -1 : place.lastIndexOf("_");
  return at < 0 ? [place] : [place.slice(0, at), place.slice(at + 1)];
}

/**
 * "f.W" as a reference; of a matrix `row` is to be given.
 *
 * @param {string} name
 * @param {number} unit
 * @returns {WeightRef}
 */
export function parameter(name, unit) {
  const [gate, part] = name.split(".");
  return { gate, part, row: 0, unit };
}

/**
 * Whether a reference is one to a parameter.
 *
 * @param {Ref} ref
 * @returns {ref is WeightRef}
 */
export function isWeight(ref) {
  return ref.part !== undefined;
}

/**
 * Give a node the colour of a vector.
 *
 * @template {HTMLElement | SVGElement} Tinted
 * @param {Tinted} node
 * @param {string} vector
 */
export function tint(node, vector) {
  node.dataset.vector = vector;
  node.style.setProperty("--v", `var(--v-${vector})`);
  return node;
}

export class Reading {
  /** @param {Message} message */
  constructor(message) {
    this.message = message;
    this.network = message.network;
    this.steps = message.steps;
    this.units = message.units;
    this.first = message.first ?? 0;
    this.gates = message.graph.gates;
    this.states = message.graph.states;
    this.table = new Map(message.graph.places.map((row) => [row[0], row]));
    this.language = message.words["step.ui.play"]; // differs between languages
  }

  /**
   * What a place is made of: [name, operation, inputs]; of what a step is given, undefined.
   *
   * @param {string} name
   */
  place(name) {
    return this.table.get(name);
  }

  /**
   * The places that a place goes into, in the order of flow.
   *
   * @param {string} name
   */
  users(name) {
    return this.message.graph.places.filter(([, , inputs]) => inputs.includes(name));
  }

  /**
   * The vector whose colour a place has.
   *
   * @param {string} place
   */
  vectorOf(place) {
    return this.message.graph.vectors[place] ?? split(place)[1] ?? "";
  }

  /**
   * Whether a place is the bias of a gate, or another vector among its parameters; then [gate, part].
   *
   * @param {string} place
   * @returns {[gate: string, part: string] | undefined}
   */
  constant(place) {
    return this.message.graph.parameters[place];
  }

  /**
   * All numbers (time, unit) of a place, or of its gradient; undefined where they were not sent.
   *
   * @param {string} place
   * @param {boolean} [gradient]
   * @returns {Row[] | undefined}
   */
  rows(place, gradient = false) {
    return (gradient ? this.message.gradients : this.message.values)?.[place];
  }

  /** @param {PlaceRef} ref */
  value({ place, step, unit, gradient }) {
    const rows = this.sent(place, gradient);
    return rows[step][this.column(rows, unit)];
  }

  /**
   * A whole vector; of a large network the part of it that was sent.
   *
   * @param {PlaceRef} ref
   */
  vector({ place, step, gradient }) {
    return this.sent(place, gradient)[step];
  }

  /**
   * @param {string} place
   * @param {boolean} [gradient]
   */
  sent(place, gradient) {
    const rows = this.rows(place, gradient);
    if (!rows) throw new Error(`expected a place that was sent, got ${place}`);
    return rows;
  }

  /**
   * Where `unit` stands in a row: a large network sends most places for the units around one alone.
   *
   * @param {Row[]} rows
   * @param {number} unit
   */
  column(rows, unit) {
    return rows !== this.message.values.x && rows[0].length < this.units ? unit - this.first : unit;
  }

  /**
   * Whether a number was sent.
   *
   * @param {Ref} ref
   */
  has(ref) {
    const rows = isWeight(ref) ? this.message.params[ref.gate]?.[ref.part] : this.rows(ref.place, ref.gradient);
    if (!rows) return false;
    const column = this.column(rows, ref.unit);
    return column >= 0 && column < rows[0].length;
  }

  /**
   * The number of a reference of either kind.
   *
   * @param {Ref} ref
   */
  number(ref) {
    return isWeight(ref) ? this.weight(ref) : this.value(ref);
  }

  /** @param {WeightRef} ref */
  weight({ gate, part, row, unit }) {
    const array = this.message.params[gate][part];
    return array[row][this.column(array, unit)];
  }

  /** @param {Pick<PlaceRef, "place" | "step" | "unit">} ref */
  held({ place, step, unit }) {
    const rows = this.message.held[place];
    return Boolean(rows?.[step][this.column(rows, unit)]);
  }

  /**
   * As many digits as a place is shown with: what somebody chose stands without zeros at its end.
   *
   * @param {Ref} ref
   */
  shown(ref) {
    return isWeight(ref) ? chosen(this.weight(ref)) : this.text(ref.place, this.value(ref), ref.gradient);
  }

  /**
   * @param {string} place
   * @param {number} value
   * @param {boolean} [gradient]
   */
  text(place, value, gradient) {
    return place === "x" && !gradient ? chosen(value) : computed(value);
  }

  /**
   * What a place is called: "forget gate f", "input part of the forget gate f".
   *
   * @param {string} place
   */
  name(place) {
    const { words } = this.message;
    const [base, gate] = split(place);
    const vector = (/** @type {string} */ key) => words[`vectors.${this.network}.${key}.short`];
    const called = words[`step.ui.place.${this.network}.${base}`] ?? words[`step.ui.place.${base}`];
    return gate ? fill(called, { gate: vector(gate) }) : (vector(base) ?? called);
  }

  /**
   * The symbol of a reference with its time, as parts [text, subscript]: [["h", "3"]], [["x", "3"], ["W", "f"]].
   *
   * @param {Ref} ref
   * @returns {Symbols}
   */
  symbol(ref) {
    const { symbols } = this.message.graph;
    if (isWeight(ref)) return symbols[`${ref.gate}.${ref.part}`];
    const { place, step, gradient } = ref;
    const at = (/** @type {string | undefined} */ below) =>
      below === "t" ? String(step + 1) : below === "t−1" ? String(step) : below;
    const parts = symbols[place].map(([text, below]) => /** @type {[string, string?]} */ ([text, at(below)]));
    if (!gradient) return parts;
    // What a step sends back is a part of the gradient of the state that it was handed: h₆→₇, not h₆.
    if (place.endsWith("_before")) return [["∂L/∂"], [parts[0][0], `${step}→${step + 1}`]];
    return parts.length > 1 ? [["∂L/∂"], ["("], ...parts, [")"]] : [["∂L/∂"], ...parts];
  }
}
