// Where a number comes from: its formula as data, one step of the way back.
//
// A formula is {squash: null | "sigmoid" | "tanh", terms, note}: the squash of a sum of products. A term is
// {sign: 1 | -1, factors}, a factor {ref, form} with form "" | "one_minus" | "one_minus_square" (of the value) |
// "slope" (k (1 − k)). `note` names a sentence that says what no formula can: a given number, a state that was
// carried over, a clamp. Nothing is computed here.
import { split, squashOf } from "./step_reading.js";

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
  const { network } = reading;
  const at = (other, u = unit) => ({ place: other, step, unit: u });
  const [base, gate] = split(place);
  const carried = (of) => (step ? { ...formula([term({ place: of, step: step - 1, unit })]), note: "carried" } : given("start"));
  const product = (of, part, size) =>
    formula(Array.from({ length: size }, (_, j) => term(at(of, j), { gate, part, row: j, unit })));
  const squash = (k) => (reading.held(at(k)) ? given("held") : formula([term(at(`a_${k}`))], squashOf(k)));
  if (base === "a") {
    const recurrent = place === "a_n" ? "pU" : "hU";
    return formula([term(at(`xW_${gate}`)), term(at(`${recurrent}_${gate}`)), term({ gate, part: "b", row: 0, unit })]);
  }
  if (base === "xW") return product("x", "W", reading.message.inputs);
  if (base === "hU") return product("h_before", "U", reading.units);
  if (base === "pU") return product("past", "U", reading.units);
  if (base === "x") return given("input");
  if (base === "h_before") return carried("h");
  if (base === "c_before") return carried("c");
  if (place !== "h" && place !== "c" && base.length === 1) return squash(place);
  if (base === "past") return formula([term(at("r"), at("h_before"))]);
  if (base === "squashed") return formula([term(at("c"))], "tanh");
  if (network === "rnn") return squash("h");
  if (base.length === 1 && reading.held(at(place))) return given("held");
  const sum = formula([term(at("kept")), term(at("written"))]);
  if (network === "lstm") {
    return {
      kept: () => formula([term(at("f"), at("c_before"))]),
      written: () => formula([term(at("i"), at("g"))]),
      c: () => sum,
      h: () => formula([term(at("o"), at("squashed"))]),
    }[place]();
  }
  return {
    kept: () => formula([term({ ref: at("z"), form: "one_minus" }, at("h_before"))]),
    written: () => formula([term(at("z"), at("n"))]),
    h: () => sum,
  }[place]();
}

function backward(reading, { place, step, unit }) {
  const { network, steps } = reading;
  const at = (other, u = unit) => ({ place: other, step, unit: u });
  const d = (other, u = unit) => ({ place: other, step, unit: u, gradient: true });
  const later = (other) => ({ place: other, step: step + 1, unit, gradient: true });
  const last = step === steps - 1;
  const [base, gate] = split(place);
  const cut = (of) => reading.held(at(of));
  const from = (of, terms) => (cut(of) ? given("cut") : formula(terms));
  /** What comes back through the weights of gates: the sum over their units. */
  const through = (gates, part) =>
    gates.flatMap((k) =>
      Array.from({ length: reading.units }, (_, j) => term(d(`a_${k}`, j), { gate: k, part, row: unit, unit: j })),
    );
  if (base === "x") return formula(through(reading.gates, "W"));
  if (["xW", "hU", "pU"].includes(base)) return formula([term(d(`a_${gate}`))]);
  if (base === "a") {
    const form = squashOf(gate) === "tanh" ? "one_minus_square" : "slope";
    return from(gate, [term(d(gate), { ref: at(gate), form })]);
  }
  if (place === "h") return last ? given("loss") : { ...formula([term(later("h_before"))]), note: "returned" };
  if (network === "rnn") return formula(through(["h"], "U"));
  const memory = network === "lstm" ? "c" : "h";
  if (place === "kept" || place === "written") return from(memory, [term(d(memory))]);
  if (network === "lstm") {
    const state = () => {
      const shown = term(d("squashed"), { ref: at("squashed"), form: "one_minus_square" });
      return formula(last ? [shown] : [shown, term(later("c_before"))]);
    };
    return {
      squashed: () => from("h", [term(d("h"), at("o"))]),
      o: () => from("h", [term(d("h"), at("squashed"))]),
      c: state,
      f: () => formula([term(d("kept"), at("c_before"))]),
      i: () => formula([term(d("written"), at("g"))]),
      g: () => formula([term(d("written"), at("i"))]),
      c_before: () => formula([term(d("kept"), at("f"))]),
      h_before: () => formula(through(reading.gates, "U")),
    }[place]();
  }
  return {
    z: () => formula([term(d("written"), at("n")), less(d("kept"), at("h_before"))]),
    n: () => formula([term(d("written"), at("z"))]),
    r: () => formula([term(d("past"), at("h_before"))]),
    past: () => formula(through(["n"], "U")),
    h_before: () =>
      formula([term(d("kept"), { ref: at("z"), form: "one_minus" }), term(d("past"), at("r")), ...through(["z", "r"], "U")]),
  }[place]();
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
