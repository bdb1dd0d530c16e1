// Read the buffer that recurrent_core/container.py packs: a JSON header, then arrays of float32 or, where exact, float64.

/** @import { Numbers } from "./types.js" */

/**
 * The message in `bytes`; a 2-D array becomes an array of typed rows, a file a Uint8Array.
 *
 * @param {Uint8Array} bytes
 * @returns {unknown}
 */
export function unpack(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
  const header = new TextDecoder().decode(bytes.subarray(4, 4 + length));
  // A copy, because the view may begin at an address that is no multiple of four.
  const floats = new Float32Array(bytes.slice(4 + length).buffer);
  return JSON.parse(header, (_, value) => {
    if (value && Array.isArray(value.$bytes)) return new Uint8Array(floats.buffer, 4 * value.$bytes[0], value.$bytes[1]);
    if (value && Array.isArray(value.$f8)) {
      const [offset, ...shape] = /** @type {number[]} */ (value.$f8);
      const size = shape.reduce((product, length) => product * length, 1);
      return shaped(new Float64Array(floats.buffer, 4 * offset, size), 0, shape);
    }
    return value && Array.isArray(value.$) ? shaped(floats, value.$[0], value.$.slice(1)) : value;
  });
}

/**
 * @param {Float32Array | Float64Array} numbers
 * @param {number} offset
 * @param {number[]} shape
 * @returns {Numbers}
 */
function shaped(numbers, offset, [rows, columns]) {
  if (columns === undefined) return numbers.subarray(offset, offset + rows);
  return Array.from({ length: rows }, (_, row) => {
    const start = offset + row * columns;
    return numbers.subarray(start, start + columns);
  });
}
