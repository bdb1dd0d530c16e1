// Where a number comes from: its formula as data, one step of the way back.
//
// A formula is {squash: null | "sigmoid" | "tanh", terms, note}: the squash of a sum of products. A term is
// {sign: 1 | -1, factors}, a factor {ref, form} with form "" | "one_minus" | "one_minus_square" (of the value) |
// "slope" (k (1 − k)). `note` names a sentence that says what no formula can: a given number, a state that was
// carried over, a clamp. What a place is made of stands in the message's table of places; nothing is computed here.
import { parameter } from "./step_reading.js";

const term = (...refs) => ({ sign: 1, factors: refs.map((ref) => (ref.form ? ref : { ref, form: "" })) });
const less = (...refs) => ({ ...term(...refs), sign: -1 });
const formula = (terms, squash = null) => ({ squash, terms, note: "" });
const given = (note) => ({ squash: null, terms: [], note });

/** The formula of a reference, or of a weight. */
export function origin(reading, ref) {
  if (ref.part) return given("weight");
  return ref.gradient ? backward(reading, ref) : forward(reading, ref);
}

function forward(reading, { place, step, unit }) {
  if (place === "x") return given("input");
  if (place.endsWith("_before")) {
    const state = place.slice(0, -"_before".length);
    return step ? { ...formula([term({ place: state, step: step - 1, unit })]), note: "carried" } : given("start");
  }
  if (reading.held({ place, step, unit })) return given("held");
  const at = (name) => input(reading, name, step, unit);
  const [, operation, [first, second, ...more]] = reading.place(place);
  switch (operation) {
    case "weighted": {
      const size = first === "x" ? reading.message.inputs : reading.units;
      return formula(Array.from({ length: size }, (_, j) => term(input(reading, first, step, j), { ...at(second), row: j })));
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

function backward(reading, { place, step, unit }) {
  const last = step === reading.steps - 1;
  const later = () => term({ place: `${place}_before`, step: step + 1, unit, gradient: true });
  if (place === "h") return last ? given("loss") : { ...formula([later()]), note: "returned" };
  const onward = reading.users(place).filter(([name]) => !reading.held({ place: name, step, unit }));
  const terms = onward.reverse().flatMap((user) => returned(reading, user, place, step, unit));
  if (!last && reading.states.includes(place)) terms.push(later());
  return terms.length ? formula(terms) : given("cut");
}

/** What comes back to a place through one that it goes into, as terms. */
function returned(reading, [name, operation, [first, second]], place, step, unit) {
  const at = (other) => input(reading, other, step, unit);
  const d = { place: name, step, unit, gradient: true };
  switch (operation) {
    case "weighted": {
      const [[sum]] = reading.users(name); // a sum hands on what comes back as it is
      const weight = { ...at(second), row: unit };
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

/** An input of a place as a reference: another place, or a parameter. */
function input(reading, name, step, unit) {
  return name.includes(".") ? parameter(name, unit) : { place: name, step, unit };
}

/** A factor's number: the value of what it refers to, in its form. */
export function factor(reading, { ref, form }) {
  const value = ref.part ? reading.weight(ref) : reading.value(ref);
  return { "": value, one_minus: 1 - value, one_minus_square: 1 - value * value, slope: value * (1 - value) }[form];
}

/** Whether the numbers of a formula's factors were sent: large networks send a part. */
export function complete(reading, { factors }) {
  return factors.every(({ ref }) => reading.has(ref));
}

/** A term's number. */
export function product(reading, { sign, factors }) {
  return factors.reduce((all, one) => all * factor(reading, one), sign);
}
