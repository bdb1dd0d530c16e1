import assert from "node:assert/strict";
import { test } from "node:test";
import { published } from "./published.js";

const { unpack } = await published("wire.js");

/** A message as container.py packs it: the header's length, the header padded to a multiple of eight, the numbers. */
function message(header, numbers = new Uint8Array()) {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const length = 8 * Math.ceil((4 + text.length) / 8) - 4;
  const bytes = new Uint8Array(4 + length + numbers.byteLength).fill(32);
  new DataView(bytes.buffer).setUint32(0, length, true);
  bytes.set(text, 4);
  bytes.set(new Uint8Array(numbers.buffer), 4 + length);
  return bytes;
}

test("a line and rows are views of the same numbers, wherever the message begins", () => {
  const bytes = message({ line: { $: [0, 3] }, rows: { $: [1, 2, 2] }, none: null }, Float32Array.of(1, 2, 3, 4, NaN));
  const moved = new Uint8Array(bytes.length + 3);
  moved.set(bytes, 3);
  for (const sent of [bytes, moved.subarray(3)]) {
    const { line, rows, none } = unpack(sent);
    assert.deepEqual([...line], [1, 2, 3]);
    assert.deepEqual(rows.map((row) => [...row]), [[2, 3], [4, NaN]]);
    assert.equal(none, null);
    assert.equal(line.buffer, rows[0].buffer);
  }
});

test("exact numbers and files keep every bit", () => {
  const numbers = new Uint8Array(24);
  numbers.set([255, 0, 128], 0);
  new DataView(numbers.buffer).setFloat64(8, 0.1, true);
  const { exact, file, places } = unpack(message({ exact: { $f8: [2, 1] }, file: { $bytes: [0, 3] }, places: { $u1: [0, 2, 1] } }, numbers));
  assert.deepEqual([...exact], [0.1]);
  assert.deepEqual(places, [Uint8Array.of(255), Uint8Array.of(0)]);
  assert.deepEqual([...file], [255, 0, 128]);
});
