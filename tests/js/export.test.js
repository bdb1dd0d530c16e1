import assert from "node:assert/strict";
import { test } from "node:test";
import { published } from "./published.js";

const { json } = await published("export.js");
const { path } = await published("qr.js");

test("data in a script end no script and no line, and come back as they were", () => {
  const data = { text: "</script><!--\u2028\u2029", z: Float32Array.of(0.1, NaN, Infinity), rows: [Float64Array.of(1 / 3)] };
  const written = json(data);
  assert.doesNotMatch(written, /[<\u2028\u2029]/);
  assert.deepEqual(JSON.parse(written), { text: data.text, z: [0.1, null, null], rows: [[0.3333333]] });
});

test("a code's dark squares are runs, moved in by the quiet border", () => {
  assert.equal(path(["0110", "0000", "1001"]), "M5 4h2v1h-2zM4 6h1v1h-1zM7 6h1v1h-1z");
});
