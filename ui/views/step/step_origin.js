// Where a number comes from: its formula as data, one step of the way back.
//
// A formula is {squash: null | "sigmoid" | "tanh", terms, note}: the squash of a sum of products. A term is
// {sign: 1 | -1, factors}, a factor {ref, form} with form "" | "one_minus" | "one_minus_square" (of the value) |
// "slope" (k (1 − k)). `note` names a sentence that says what no formula can: a given number, a state that was
// carried over, a clamp. What a place is made of stands in the message's table of places; nothing is computed here.
import { isWeight, parameter } from "./step_reading.js";

/** @import { Reading } from "./step_reading.js" */
/** @import { Factor, Formula, Place, PlaceRef, Ref, Squash, Term } from "./step_types.js" */

/**
 * @param {(Ref | Factor)[]} refs
 * @returns {Term}
 */
const term = (...refs) => ({ sign: 1, factors: refs.map((ref) => ("form" in ref ? ref : { ref, form: "" })) });
/**
 * @param {(Ref | Factor)[]} refs
 * @returns {Term}
 */
const less = (...refs) => ({ ...term(...refs), sign: -1 });
/**
 * @param {Term[]} terms
 * @param {Squash | null} squash
 * @returns {Formula}
 */
const formula = (terms, squash = null) => ({ squash, terms, note: "" });
/**
 * @param {string} note
 * @returns {Formula}
 */
const given = (note) => ({ squash: null, terms: [], note });

/**
 * The formula of a reference, or of a weight.
 *
 * @param {Reading} reading
 * @param {Ref} ref
 */
export function origin(reading, ref) {
  if (isWeight(ref)) return given("weight");
  return ref.gradient ? backward(reading, ref) : forward(reading, ref);
}

/**
 * @param {Reading} reading
 * @param {PlaceRef} ref
 */
function forward(reading, { place, step, unit }) {
  if (place === "x") return given("input");
  if (place.endsWith("_before")) {
    const state = place.slice(0, -"_before".length);
    return step ? { ...formula([term({ place: state, step: step - 1, unit })]), note: "carried" } : given("start");
  }
  if (reading.held({ place, step, unit })) return given("held");
  const at = (/** @type {string} */ name) => input(name, step, unit);
  const made = reading.place(place);
  if (!made) throw new Error(`expected a place of the cell's table, got ${place}`);
  const [, operation, [first, second, ...more]] = made;
  switch (operation) {
    case "weighted": {
      const size = first === "x" ? reading.message.inputs : reading.units;
      return formula(Array.from({ length: size }, (_, j) => term(input(first, step, j), { ...parameter(second, unit), row: j })));
    }
    case "sum":
      return formula([first, second, ...more].map((name) => term(at(name))));
    case "product":
      return formula([term(at(first), at(second))]);
    case "complement":
      return formula([term({ ref: at(first), form: "one_minus" }, at(second))]);
    default:
      return formula([term(at(first))], operation);
  }
}

/**
 * @param {Reading} reading
 * @param {PlaceRef} ref
 */
function backward(reading, { place, step, unit }) {
  const last = step === reading.steps - 1;
  const later = () => term({ place: `${place}_before`, step: step + 1, unit, gradient: true });
  if (place === "h") return last ? given("loss") : { ...formula([later()]), note: "returned" };
  const onward = reading.users(place).filter(([name]) => !reading.held({ place: name, step, unit }));
  const terms = onward.reverse().flatMap((user) => returned(reading, user, place, step, unit));
  if (!last && reading.states.includes(place)) terms.push(later());
  return terms.length ? formula(terms) : given("cut");
}

/**
 * What comes back to a place through one that it goes into, as terms.
 *
 * @param {Reading} reading
 * @param {Place} user
 * @param {string} place
 * @param {number} step
 * @param {number} unit
 */
function returned(reading, [name, operation, [first, second]], place, step, unit) {
  const at = (/** @type {string} */ other) => input(other, step, unit);
  const d = { place: name, step, unit, gradient: true };
  switch (operation) {
    case "weighted": {
      const [[sum]] = reading.users(name); // a sum hands on what comes back as it is
      const weight = { ...parameter(second, unit), row: unit };
      return Array.from({ length: reading.units }, (_, j) => term({ ...d, place: sum, unit: j }, { ...weight, unit: j }));
    }
    case "sum":
      return [term(d)];
    case "product":
      return [term(d, at(place === first ? second : first))];
    case "complement":
      return [place === first ? less(d, at(second)) : term(d, { ref: at(first), form: "one_minus" })];
    default:
      return [term(d, { ref: at(name), form: operation === "tanh" ? "one_minus_square" : "slope" })];
  }
}

/**
 * An input of a place as a reference: another place, or a parameter.
 *
 * @param {string} name
 * @param {number} step
 * @param {number} unit
 * @returns {Ref}
 */
function input(name, step, unit) {
  return name.includes(".") ? parameter(name, unit) : { place: name, step, unit };
}

/**
 * A factor's number: the value of what it refers to, in its form.
 *
 * @param {Reading} reading
 * @param {Factor} factor
 */
export function factor(reading, { ref, form }) {
  const value = reading.number(ref);
  return { "": value, one_minus: 1 - value, one_minus_square: 1 - value * value, slope: value * (1 - value) }[form];
}

/**
 * Whether the numbers of a formula's factors were sent: large networks send a part.
 *
 * @param {Reading} reading
 * @param {Term} term
 */
export function complete(reading, { factors }) {
  return factors.every(({ ref }) => reading.has(ref));
}

/**
 * A term's number.
 *
 * @param {Reading} reading
 * @param {Term} term
 */
export function product(reading, { sign, factors }) {
  return factors.reduce((all, one) => all * factor(reading, one), /** @type {number} */ (sign));
}
