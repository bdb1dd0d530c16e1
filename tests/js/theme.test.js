import assert from "node:assert/strict";
import { test } from "node:test";
import { published } from "./published.js";

const { lookup, resolve, rgb } = await published("theme.js");
const { default: colours } = await published("colours.js");

test("colours are read in every way in which they are written", () => {
  for (const colour of ["#0a1", "#00AA11", "rgb(0, 170, 17)", "rgba(0, 170, 17, 0.5)"]) assert.deepEqual(rgb(colour), [0, 170, 17]);
});

test("names become the theme's colours, deep inside and within texts; numbers stay the same object", () => {
  const z = [Float32Array.of(1, 2)];
  const figure = { z, line: { color: "@text" }, text: 'a <i style="color:@grid">b</i>', none: null, other: "@nobody" };
  for (const theme of ["dark", "light"]) {
    const { text, grid } = colours[theme];
    const done = resolve(figure, theme);
    assert.equal(done.z, z);
    assert.deepEqual({ ...done, z: 0 }, {
      z: 0, line: { color: text }, text: `a <i style="color:${grid}">b</i>`, none: null, other: "@nobody",
    });
  }
});

test("a scale's 256 colours run from its first to its last, straight between two places", () => {
  const table = new Uint8Array(lookup([[0, "#000000"], [0.2, "#ff0000"], [1, "#ff00ff"]]).buffer);
  const at = (i) => [...table.slice(4 * i, 4 * i + 4)];
  assert.deepEqual(at(0), [0, 0, 0, 255]);
  assert.deepEqual(at(51), [255, 0, 0, 255]);
  assert.deepEqual(at(102), [255, 0, 64, 255]);
  assert.deepEqual(at(255), [255, 0, 255, 255]);
});
