// Every format of a number that the browser writes by itself: as ui/words/numbers.py does it, to the last digit.
//
// All round to the nearest, a tie to the even digit; toFixed and toExponential take the larger one there. A minus is a
// true one, and nothing that is shown as zero has one.

const RAISED = new Map([..."-0123456789"].map((sign, k) => [sign, "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"[k]]));

/**
 * A finite number with so many decimals, "−0.50".
 *
 * @param {number} value
 * @param {number} decimals
 */
export function fixed(value, decimals) {
  const size = Math.abs(value);
  // A tie is (n + 1/2) / 10 ** decimals. In binary digits that can only be an odd number of 1 / 2 ** (decimals + 1).
  const pieces = size * 2 ** (decimals + 1);
  const n = (pieces * 5 ** decimals - 1) / 2;
  const shown = (pieces % 2 === 1 && n % 2 === 0 ? n / 10 ** decimals : size).toFixed(decimals);
  return value < 0 && /[1-9]/.test(shown) ? `−${shown}` : shown;
}

/**
 * A whole number, thousands separated: "75,000".
 *
 * @param {number} count
 */
export function whole(count) {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",").replace("-", "−");
}

/**
 * A share in percent, "95.3": two digits of what is kept or of what is lost, whichever is smaller, with `most` decimals
 * at most. Above 1, where nothing is lost, whole percents.
 *
 * @param {number} share
 */
export function percents(share, most = 9) {
  const smaller = 100 * (share < 1 ? Math.min(Math.abs(share), 1 - share) : share);
  const decimals = share === 0 || share === 1 ? 0 : 1 - scientific(smaller, 2)[1];
  return fixed(100 * share, Math.min(Math.max(decimals, 0), most));
}

/**
 * A number in a drawing, "0.6225" or "−1.0000"; where four decimals say nothing, "3.2×10⁻¹²"; exactly 0, "0".
 *
 * @param {number} value
 */
export function computed(value) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "–" : value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size >= 0.00005 && size < 100000) return fixed(value, size < 1000 ? 4 : 1);
  const [mantissa, exponent] = scientific(value, 2);
  return `${mantissa}×10${[...String(exponent)].map((sign) => RAISED.get(sign)).join("")}`;
}

/**
 * A number that somebody chose (an input, a weight), as `computed`, but without zeros at its end.
 *
 * @param {number} value
 */
export function chosen(value) {
  const shown = computed(value);
  return shown.includes(".") && !shown.includes("×") ? shown.replace(/\.?0+$/, "") : shown;
}

/**
 * A number beside the pointer: three decimals; three significant digits where these say nothing, "1.23e−5".
 *
 * @param {number} value
 */
export function hovered(value) {
  const size = Math.abs(value);
  if (size === 0 || (size >= 0.001 && size < 1000)) return fixed(value, 3);
  if (!Number.isFinite(value)) return computed(value);
  const [mantissa, exponent] = scientific(value, 3);
  return `${mantissa}e${exponent < 0 ? "−" : "+"}${Math.abs(exponent)}`;
}

/**
 * So many significant digits of a number, and the power of ten that goes with them.
 *
 * @param {number} value
 * @param {number} digits
 * @returns {[string, number]}
 */
function scientific(value, digits) {
  const size = Math.abs(value);
  // Where a tie would show, at numbers beyond 10 ** digits, remainders are exact.
  const unit = 10 ** (Number(size.toExponential(20).split("e")[1]) - digits + 1);
  const tie = unit >= 1 && 2 * (size % unit) === unit && Math.floor(size / unit) % 2 === 0;
  const [mantissa, exponent] = (tie ? size - unit / 2 : size).toExponential(digits - 1).split("e");
  return [value < 0 ? `−${mantissa}` : mantissa, Number(exponent)];
}
