// Numbers as the reader sees them: four decimals, a power of ten where these would say nothing, a true minus sign.

const RAISED = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

/** A computed value: "0.6225", "−1.0000", "3.2×10⁻¹²"; 0 where it is exactly that. */
export function number(value) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "–" : value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size >= 0.00005 && size < 100000) return minus(value.toFixed(size < 1000 ? 4 : 1));
  const [digits, exponent] = value.toExponential(1).split("e");
  return `${minus(digits)}×10${[...String(Number(exponent))].map((digit) => RAISED[digit]).join("")}`;
}

/** A number that somebody chose (an input, a weight): without the zeros at its end. */
export function plain(value) {
  const shown = number(value);
  return /^−?\d+\.\d+$/.test(shown) ? shown.replace(/\.?0+$/, "") : shown;
}

function minus(text) {
  return text.replace("-", "−");
}

/** "Keeps {f} of {c}" cut into texts and names: ["Keeps ", {name: "f"}, " of ", {name: "c"}]. */
export function template(words) {
  return words
    .split(/(\{\w+\})/)
    .filter(Boolean)
    .map((part) => (/^\{\w+\}$/.test(part) ? { name: part.slice(1, -1) } : part));
}

/** `words` with its fields filled. */
export function fill(words, values) {
  return template(words)
    .map((part) => (typeof part === "string" ? part : values[part.name]))
    .join("");
}
