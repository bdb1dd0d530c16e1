import assert from "node:assert/strict";
import { test } from "node:test";
import { published } from "./published.js";

const { barsOf, json } = await published("export.js");
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

test("bars climb from share to share, and steps to come have none", () => {
  const meta = { top: 10, height: 40, bars: "#e69f00", tint: 0.25, ground: "@ground", edge: "@line" };
  const [ground, below, bar, line] = barsOf({ z: [[0.5, 0.5, NaN], [0.5, 1, NaN]], meta });
  assert.deepEqual([ground.x, ground.y], [[0.5, 0.5, 3.5, 3.5], [50, 10, 10, 50]]);
  assert.deepEqual(bar.x, [0.5, 0.5, 1.5, 1.5, null, 1.5, 1.5, 2.5, 2.5, null]);
  assert.deepEqual(bar.y, [50, 30, 30, 50, null, 30, 10, 10, 30, null]);
  assert.deepEqual(below.y, [50, 50, 50, 50, null, 50, 30, 30, 50, null]);
  assert.deepEqual([line.y[0], line.y[9]], [30, 10]);
  assert.deepEqual([ground, below, bar].map(({ fillcolor }) => fillcolor), ["@ground", "#e69f00", "#e69f00"]);
});
