// Read the buffer that recurrent_core/container.py packs: a JSON header, then arrays of float32 or, where exact, float64
// or bytes.

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
  const { buffer } = bytes.slice(4 + length);
  return JSON.parse(header, (_, value) => {
    if (!value) return value;
    if (Array.isArray(value.$)) return shaped(Float32Array, buffer, value.$);
    if (Array.isArray(value.$u1)) return shaped(Uint8Array, buffer, value.$u1);
    if (Array.isArray(value.$f8)) return shaped(Float64Array, buffer, value.$f8);
    if (Array.isArray(value.$bytes)) return shaped(Uint8Array, buffer, value.$bytes);
    return value;
  });
}

/**
 * @param {Float32ArrayConstructor | Float64ArrayConstructor | Uint8ArrayConstructor} Kind
 * @param {ArrayBuffer} buffer
 * @param {number[]} place its offset in units of four bytes, and its shape
 * @returns {Numbers}
 */
function shaped(Kind, buffer, [offset, rows, columns]) {
  const numbers = new Kind(buffer, 4 * offset, rows * (columns ?? 1));
  if (columns === undefined) return numbers;
  return Array.from({ length: rows }, (_, row) => numbers.subarray(row * columns, (row + 1) * columns));
}
