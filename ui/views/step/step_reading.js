// One message read: the value, gradient, weight and name of any place, at any step, for any unit.
//
// A reference is {place, step, unit}, with `gradient: true` for dL/d(place); a weight is {gate, part, row, unit}.
// Steps and units count from 0. The places, and what each is made of, are those of the cell's table, `message.graph`
// (recurrent_core/cells/graph.py): rows [name, operation, inputs].
import { chosen, computed } from "./numbers.js";
import { fill } from "./step_words.js";

/** "xW_f" -> ["xW", "f"]; "kept" -> ["kept"]; "h_before" is one word. */
export function split(place) {
  const at = place.endsWith("_before") ? -1 : place.lastIndexOf("_");
  return at < 0 ? [place] : [place.slice(0, at), place.slice(at + 1)];
}

/** "f.W" as a reference; of a matrix `row` is to be given. */
export function parameter(name, unit) {
  const [gate, part] = name.split(".");
  return { gate, part, row: 0, unit };
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
    this.gates = message.graph.gates;
    this.states = message.graph.states;
    this.table = new Map(message.graph.places.map((row) => [row[0], row]));
    this.language = message.words["step.ui.play"]; // differs between languages
  }

  /** What a place is made of: [name, operation, inputs]; of what a step is given, undefined. */
  place(name) {
    return this.table.get(name);
  }

  /** The places that a place goes into, in the order of flow. */
  users(name) {
    return this.message.graph.places.filter(([, , inputs]) => inputs.includes(name));
  }

  /** The vector whose colour a place has. */
  vectorOf(place) {
    return this.message.graph.vectors[place] ?? split(place)[1];
  }

  /** Whether a place is the bias of a gate, or another vector among its parameters; then [gate, part]. */
  constant(place) {
    return this.message.graph.parameters[place];
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
    return ref.part ? chosen(this.weight(ref)) : this.text(ref.place, this.value(ref), ref.gradient);
  }

  text(place, value, gradient) {
    return place === "x" && !gradient ? chosen(value) : computed(value);
  }

  /** What a place is called: "forget gate f", "input part of the forget gate f". */
  name(place) {
    const { words } = this.message;
    const [base, gate] = split(place);
    const vector = (key) => words[`vectors.${this.network}.${key}.short`];
    const called = words[`step.ui.place.${this.network}.${base}`] ?? words[`step.ui.place.${base}`];
    return gate ? fill(called, { gate: vector(gate) }) : (vector(base) ?? called);
  }

  /** The symbol of a reference with its time, as parts [text, subscript]: [["h", "3"]], [["x", "3"], ["W", "f"]]. */
  symbol({ place, step, gradient, gate, part }) {
    const { symbols } = this.message.graph;
    if (part) return symbols[`${gate}.${part}`];
    const times = { t: String(step + 1), "t−1": String(step) };
    const parts = symbols[place].map(([text, below]) => [text, times[below] ?? below]);
    if (!gradient) return parts;
    // What a step sends back is a part of the gradient of the state that it was handed: h₆→₇, not h₆.
    if (place.endsWith("_before")) return [["∂L/∂"], [parts[0][0], `${step}→${step + 1}`]];
    return [["∂L/∂"], ...(parts.length > 1 ? [["("], ...parts, [")"]] : parts)];
  }
}
