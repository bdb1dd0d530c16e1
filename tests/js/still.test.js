import assert from "node:assert/strict";
import { test } from "node:test";
import { published } from "./published.js";

const { figure, Stills } = await published("still.js");

/** A buffer as container.py packs it, without arrays. */
function packed(message) {
  const text = new TextEncoder().encode(JSON.stringify(message));
  const bytes = new Uint8Array(4 + text.length);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 4);
  return bytes;
}

const DRAWN = { data: [{ type: "heatmap", z: [1, 2] }, { type: "scatter", y: 1 }, { type: "heatmap", z: [1, 1] }], layout: { height: 9 } };

test("a figure's squares go where they belong, and what stands still need not come again", () => {
  const first = figure({ signature: 5, still: packed(DRAWN), squares: ["a", "b"] }, []);
  assert.deepEqual(first.data.map(({ z }) => z), ["a", undefined, "b"]);
  const next = figure({ signature: 5, still: null, squares: ["c", "d"] }, [undefined, null, first]);
  assert.deepEqual(next.data.map(({ z }) => z), ["c", undefined, "d"]);
  assert.deepEqual(first.data.map(({ z }) => z), ["a", undefined, "b"]);
  assert.equal(next.layout, first.layout);
  assert.equal(figure({ signature: 6, still: null, squares: ["e", "f"] }, [first]), undefined);
});

test("controls come together with what moves in them, those within others too", () => {
  const stills = new Stills();
  const still = packed({ items: [{ name: "memory", label: "Memory" }, { name: "more", items: [{ name: "scale", label: "Scale" }] }] });
  const moving = { memory: { value: 1 }, more: { badge: "" }, scale: { value: 2, meaning: "m" } };
  assert.equal(stills.whole({ signature: 3, still: null, moving }), undefined);
  assert.deepEqual(stills.whole({ signature: 3, still, moving }), [
    { name: "memory", label: "Memory", value: 1 },
    { name: "more", badge: "", items: [{ name: "scale", label: "Scale", value: 2, meaning: "m" }] },
  ]);
  const [memory] = stills.whole({ signature: 3, still: null, moving: { ...moving, memory: { value: 7 } } });
  assert.equal(memory.value, 7);
  assert.equal(stills.whole({ signature: 4, still: null, moving }), undefined);
});
