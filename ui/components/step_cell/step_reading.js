// One message read: the value, gradient, weight and name of any place, at any step, for any unit.
//
// A reference is {place, step, unit}, with `gradient: true` for dL/d(place); a weight is {gate, part, row, unit}.
// Steps and units count from 0. The places are those of recurrent_core/anatomy.py.
import { fill, number, plain } from "./step_numbers.js";

/** The gates in the order in which they are drawn. */
export const GATES = { lstm: ["f", "i", "g", "o"], gru: ["z", "r", "n"], rnn: ["h"] };
export const MEMORY = { lstm: "c", gru: "h", rnn: "h" };
const SQUASHES = { g: "tanh", n: "tanh", h: "tanh" };

export const squashOf = (gate) => SQUASHES[gate] ?? "sigmoid";

/** "xW_f" -> ["xW", "f"]; "kept" -> ["kept", undefined]; "h_before" is one word. */
export function split(place) {
  return place.endsWith("_before") ? [place] : place.split("_");
}

/** The vector whose colour a place has. */
export function letter(place, network) {
  const [base, gate] = split(place);
  if (gate) return gate;
  if (base.length === 1) return base;
  return { h_before: "h", c_before: "c", kept: MEMORY[network], past: "h", squashed: "c" }[base] ?? (network === "lstm" ? "g" : "n");
}

/** Give a node the colour of a vector. */
export function tint(node, vector) {
  node.dataset.vector = vector;
  node.style.setProperty("--v", `var(--v-${vector})`);
  return node;
}

export class Reading {
  constructor(message) {
    this.message = message;
    this.network = message.network;
    this.steps = message.steps;
    this.units = message.units;
    this.first = message.first ?? 0;
    this.gates = GATES[message.network];
    this.language = message.words["step.ui.play"]; // differs between languages
  }

  value({ place, step, unit, gradient }) {
    const rows = (gradient ? this.message.gradients : this.message.values)[place];
    return rows[step][this.column(rows, unit)];
  }

  /** A whole vector; of a large network the part of it that was sent. */
  vector({ place, step, gradient }) {
    return (gradient ? this.message.gradients : this.message.values)[place][step];
  }

  /** Where `unit` stands in a row: a large network sends most places for the units around one alone. */
  column(rows, unit) {
    return rows !== this.message.values.x && rows[0].length < this.units ? unit - this.first : unit;
  }

  /** Whether a number was sent. */
  has({ place, unit, gradient, gate, part }) {
    const rows = part ? this.message.params[gate]?.[part] : (gradient ? this.message.gradients : this.message.values)?.[place];
    const column = rows && this.column(rows, unit);
    return Boolean(rows) && column >= 0 && column < rows[0].length;
  }

  weight({ gate, part, row, unit }) {
    const array = this.message.params[gate][part];
    return array[row][this.column(array, unit)];
  }

  held({ place, step, unit }) {
    const rows = this.message.held?.[place];
    return Boolean(rows?.[step][this.column(rows, unit)]);
  }

  /** As many digits as a place is shown with: what somebody chose stands without zeros at its end. */
  shown(ref) {
    return ref.part ? plain(this.weight(ref)) : this.text(ref.place, this.value(ref), ref.gradient);
  }

  text(place, value, gradient) {
    return place === "x" && !gradient ? plain(value) : number(value);
  }

  /** What a place is called: "forget gate f", "input part of the forget gate f". */
  name(place) {
    const { words } = this.message;
    const [base, gate] = split(place);
    const vector = (key) => words[`vectors.${this.network}.${key}.short`];
    if (gate) return fill(words[`step.ui.place.${base}`], { gate: vector(gate) });
    return vector(base) ?? words[`step.ui.place.${base}`];
  }
}

/** The symbol of a reference with its time, as parts [text, subscript]: [["h", "3"]], [["x", "3"], ["W", "f"]]. */
export function symbol(ref, network) {
  if (ref.part) return [[ref.part, ref.gate]];
  const at = String(ref.step + 1);
  const before = String(ref.step);
  const [base, gate] = split(ref.place);
  const parts = {
    h_before: [["h", before]],
    c_before: [["c", before]],
    xW: [["x", at], ["W", gate]],
    hU: [["h", before], ["U", gate]],
    pU: [["(r⊙h)"], ["U", gate]],
    a: [["a", gate]],
    kept: network === "lstm" ? [["f", at], ["⊙"], ["c", before]] : [["(1−z)⊙"], ["h", before]],
    written: network === "lstm" ? [["i", at], ["⊙"], ["g", at]] : [["z", at], ["⊙"], ["n", at]],
    past: [["r", at], ["⊙"], ["h", before]],
    squashed: [["tanh "], ["c", at]],
  }[base] ?? [[base, at]];
  // What a step sends back is a part of the gradient of the state that it was handed: h₆→₇, not h₆.
  if (ref.gradient && base.endsWith("_before")) return [["∂L/∂"], [base[0], `${before}→${at}`]];
  return ref.gradient ? [["∂L/∂"], ...(parts.length > 1 ? [["("], ...parts, [")"]] : parts)] : parts;
}
