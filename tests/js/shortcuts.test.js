import assert from "node:assert/strict";
import { test } from "node:test";
import { published } from "./published.js";

/** A node that has what a control of ours has: data and attributes. */
class Control {
  constructor() {
    this.dataset = {};
    this.attributes = {};
  }

  setAttribute(name, value) {
    this.attributes[name] = value;
  }

  removeAttribute(name) {
    delete this.attributes[name];
  }

  get keys() {
    return this.attributes["aria-keyshortcuts"];
  }
}

const marks = new Set();
const controls = [new Control(), new Control()];
const heard = {};
const kept = new Map();
let refused = false;
const storage = (done) => (...given) => {
  if (refused) throw new DOMException("storage is refused", "SecurityError");
  return done(...given);
};
globalThis.document = {
  documentElement: {
    classList: { contains: (mark) => marks.has(mark), toggle: (mark, on) => (on ? marks.add(mark) : marks.delete(mark)) },
  },
  querySelectorAll: () => controls.filter(({ dataset }) => "keys" in dataset),
};
globalThis.window = { addEventListener: (type, hear) => (heard[type] = hear) };
Object.defineProperty(globalThis, "localStorage", {
  configurable: true,
  value: {
    getItem: storage((name) => kept.get(name) ?? null),
    setItem: storage((name, value) => kept.set(name, value)),
    removeItem: storage((name) => kept.delete(name)),
  },
});
const { shortcuts } = await published("shortcuts.js");
const [preset, reset] = controls;

test("a control names its keys while they are on, and no longer", () => {
  const told = [];
  const follow = (on) => told.push(on);
  shortcuts.followers.add(follow);
  assert.equal(shortcuts.on, true);
  shortcuts.reach(preset, "1 2");
  assert.equal(preset.keys, "1 2");
  shortcuts.set(false);
  assert.deepEqual([shortcuts.on, preset.keys, kept.size], [false, undefined, 1]);
  shortcuts.reach(reset, "0");
  assert.equal(reset.keys, undefined);
  shortcuts.set(true);
  assert.deepEqual([shortcuts.on, preset.keys, reset.keys, kept.size], [true, "1 2", "0", 0]);
  shortcuts.reach(preset);
  assert.deepEqual([preset.keys, preset.dataset], [undefined, {}]);
  shortcuts.followers.delete(follow);
  shortcuts.set(false);
  assert.deepEqual(told, [false, true]);
  shortcuts.set(true);
});

test("another tab's switch holds here too", () => {
  for (const [name] of [["gs-shortcuts"], [null]]) {
    kept.set("gs-shortcuts", "off");
    heard.storage({ key: "something else" });
    assert.equal(shortcuts.on, true);
    heard.storage({ key: name });
    assert.equal(shortcuts.on, false);
    kept.clear();
    heard.storage({ key: name });
    assert.equal(shortcuts.on, true);
  }
});

test("where storage is refused they can be switched off as well", () => {
  refused = true;
  shortcuts.set(false);
  assert.equal(shortcuts.on, false);
  heard.storage({ key: "gs-shortcuts" });
  assert.equal(shortcuts.on, true); // nothing is kept
  refused = false;
});
