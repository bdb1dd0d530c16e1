import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { published } from "./published.js";
import { World } from "./world.js";

const { RETRY_MS, SETTLE_MS, SILENCE, converse } = await published("converse.js");
const TOLD = {
  session: "s", seq: 0, acted: 0, revision: 0, page: "gates", live: "live", state: "m=1", settled: true, items: [], offline: "Gone.",
};

/** A conversation through these happenings: the state, and what the last of them has to be done. */
function after(...happenings) {
  return happenings.reduce(([state], [type, more]) => converse(state, { held: false, shows: {}, type, ...more }), [SILENCE, []]);
}

const change = (value, settled) => ["change", { name: "memory", value, settled }];
const hear = (more) => ["hear", { message: { ...TOLD, ...more } }];
const effect = ([, effects], type) => effects.find((found) => found.type === type);
const types = ([, effects]) => effects.map(({ type }) => type);

test("what moves goes out on the line, and once it rests it is reported", () => {
  const dragged = [hear(), ["opened"], change(2, false)];
  assert.deepEqual(effect(after(...dragged, ["soon"]), "ask").question, { page: "gates", query: "m=1", values: { memory: 2 }, exact: false });
  assert.deepEqual(types(after(...dragged, ["soon"], change(3, false), ["soon"])), []); // one is under way
  const released = [...dragged, change(2, true)];
  assert.deepEqual(effect(after(...released), "wait"), { type: "wait", event: "quiet", ms: SETTLE_MS });
  const { report } = effect(after(...released, ["quiet"]), "report");
  assert.deepEqual(report, {
    session: "s", seq: 1, revision: 0, values: { memory: 2 }, settled: true, action: undefined, address: undefined, shown: undefined,
  });
});

test("without a line every value is reported, at the end of the task, one report at a time", () => {
  const moved = [hear({ live: null }), change(2, false), change(3, false)];
  const { report } = effect(after(...moved, ["soon"]), "report");
  assert.deepEqual([report.values, report.settled], [{ memory: 3 }, false]);
  assert.deepEqual(types(after(...moved, ["soon"], change(4, true), ["soon"])), []);
  const answered = after(...moved, ["soon"], change(4, true), ["soon"], hear({ live: null, seq: 1, settled: false }));
  assert.deepEqual([effect(answered, "report").report.values, effect(answered, "report").report.settled], [{ memory: 4 }, true]);
});

test("what was asked on a line that is lost is reported", () => {
  const lost = after(hear(), ["opened"], change(2, false), ["soon"], ["closed"]);
  assert.deepEqual([effect(lost, "report").report.values, effect(lost, "report").report.settled], [{ memory: 2 }, true]);
});

test("what the line has no answer to is reported", () => {
  const failed = after(hear(), ["opened"], change(2, false), ["soon"], ["answered", { answer: { failed: true } }]);
  assert.deepEqual(effect(failed, "report").report.values, { memory: 2 });
});

test("a report that waits for an answer on the line waits a second at most", () => {
  const asked = [hear(), ["opened"], change(2, true), ["soon"], ["quiet"]];
  assert.deepEqual(types(after(...asked)), ["wait"]);
  assert.equal(effect(after(...asked), "wait").ms, RETRY_MS);
  assert.ok(effect(after(...asked, ["quiet"]), "report"));
});

test("of what is shown already, with numbers, nothing is sent again, unless a part shows something else", () => {
  const answered = (exact) => {
    const parts = [{ name: "gates", rough: false, exact, words: { notices: [] } }];
    return ["answered", { answer: { query: "m=2", items: [], parts, notices: [] } }];
  };
  const drawn = [hear(), ["opened"], change(2, true), ["soon"], answered(false), ["soon"], ["quiet"]];
  assert.ok(effect(after(...drawn), "ask").question.exact);
  const shown = (query) => effect(after(...drawn, answered(true), ["soon", { shows: { gates: query } }]), "report").report.shown;
  assert.deepEqual(shown("m=2"), { query: "m=2", parts: ["gates"] });
  assert.equal(shown("m=3"), undefined);
});

test("after a second we ask again, after two we say so and wake the server, until it answers", () => {
  const asked = [hear(), ["act", { action: { name: "preset", value: "noise" } }]];
  const again = after(...asked, ["unanswered"]);
  assert.deepEqual(effect(again, "report").report.action, { name: "preset", value: "noise", number: 1 });
  assert.equal(effect(again, "report").report.seq, 2);
  const away = after(...asked, ["unanswered"], ["unanswered"]);
  assert.deepEqual(types(away), ["offline", "wake", "wait"]);
  assert.equal(effect(away, "offline").sentence, "Gone.");
  assert.ok(effect(after(...asked, ["unanswered"], ["unanswered"], ["unanswered"]), "report"));
  const back = after(...asked, ["unanswered"], ["unanswered"], hear({ acted: 1 }));
  assert.equal(effect(back, "offline").sentence, "");
});

test("a new server learns at once what the old one knew and what was moved, and is then asked to act", () => {
  const lost = [hear(), ["act", { action: { name: "pin" } }], change(2, true), hear({ session: "new", state: "m=0" })];
  const { report } = effect(after(...lost), "report");
  assert.deepEqual([report.session, report.address, report.values, report.action], ["new", "m=1", { memory: 2 }, undefined]);
  assert.equal(effect(after(...lost), "address"), undefined);
  const learnt = effect(after(...lost, hear({ session: "new", seq: report.seq, state: "m=2" })), "report").report;
  assert.deepEqual([learnt.address, learnt.values, learnt.action], [undefined, {}, { name: "pin", number: 1 }]);
});

test("what was overtaken is not heard", () => {
  const heard = [hear({ seq: 2, state: "m=2" }), hear({ seq: 1, state: "m=1" })];
  assert.deepEqual(types(after(...heard)), []);
  assert.equal(after(...heard)[0].told.state, "m=2");
});

test("an answer to what was asked before a preset is not shown, whatever is moved meanwhile", () => {
  const answer = { query: "m=2", items: [], parts: [], notices: [] };
  const asked = [hear(), ["opened"], change(2, false), ["soon"], hear({ revision: 1, state: "preset=noise" }), change(2, false)];
  assert.deepEqual(types(after(...asked, ["soon"])), []); // one is still under way
  const next = after(...asked, ["soon"], ["answered", { answer }]);
  assert.deepEqual(types(next), ["ask", "soon"]);
  assert.equal(effect(next, "ask").question.query, "preset=noise");
});

test("what another page has not had confirmed is reported from this one at once", () => {
  const travelled = after(hear(), change(2, true), ["quiet"], hear({ page: "step" }));
  assert.deepEqual(effect(travelled, "report").report.values, { memory: 2 });
});

test("each action has a number of its own", () => {
  const acted = [hear(), ["act", { action: { name: "pin" } }], ["act", { action: { name: "unpin" } }]];
  const next = effect(after(...acted, hear({ seq: 1, acted: 1 })), "report").report;
  assert.deepEqual(next.action, { name: "unpin", number: 2 });
});

test("until a new server knows the address, pictures are of the one that the old server had", () => {
  const [, effects] = after(hear(), ["opened"], hear({ session: "new", state: "m=0" }), change(2, false), ["soon"]);
  assert.equal(effect([SILENCE, effects], "ask").question.query, "m=1");
});

test("an answer ends the silence: the next second without one is the first again", () => {
  const asked = [hear({ live: null }), change(2, true), ["soon"], ["unanswered"], hear({ live: null, seq: 2 })];
  const again = after(...asked, change(3, true), ["soon"], ["unanswered"]);
  assert.deepEqual(types(again), ["report", "wait"]);
});

test("where something is missing on the page, nothing is said to be shown", () => {
  const parts = [{ name: "gates", rough: false, exact: true, words: { notices: [] } }];
  const drawn = [hear(), ["opened"], change(2, true), ["soon"], ["answered", { answer: { query: "m=2", items: [], parts, notices: [] } }]];
  const { report } = effect(after(...drawn, ["refresh", { shows: { gates: "m=2" } }]), "report");
  assert.equal(report.shown, undefined);
});

test("what the reader does before the server was heard goes out as soon as it is", () => {
  assert.deepEqual(types(after(["act", { action: { name: "pin" } }], ["soon"], ["unanswered"])), []);
  const lecture = after(["change", { name: "lecture", value: true, settled: true }], ["soon"], hear());
  assert.deepEqual(effect(lecture, "report").report.values, { lecture: true });
});

const SEQUENCES = Number(process.env.SEQUENCES ?? 10_000);
const VALUE = fc.constantFrom("1", "2", "3");
const FIELD = fc.constantFrom("a", "b");
const PRESET = fc.constantFrom("spring", "autumn");
const ANSWER = fc.constantFrom("whole", "whole", "whole", "rough", "noticed", "none", "failed");

/** A method of the world with what it is given, and how often it is to come. */
const move = (weight, name, ...given) => ({ weight, arbitrary: fc.tuple(fc.constant(name), fc.tuple(...given)) });
const MOVES = fc.oneof(
  move(6, "change", FIELD, VALUE, fc.boolean()),
  move(3, "drag", FIELD, VALUE, ANSWER),
  move(2, "keep", VALUE),
  move(2, "act", PRESET),
  move(1, "hold"),
  move(1, "travel"),
  move(1, "remount", fc.constantFrom(0, 1)),
  move(4, "arrive"),
  move(5, "hear", fc.boolean()),
  move(1, "lose"),
  move(4, "time", fc.constantFrom("quiet", "unanswered")),
  move(6, "open"),
  move(1, "close"),
  move(5, "reply", ANSWER),
  move(5, "take"),
  move(1, "preset", PRESET),
  move(1, "tell"),
  move(1, "renew"),
  move(1, "restart"),
);

test("whatever happens, in the end the server has what the reader wants, and the page shows it", () => {
  let shown = 0;
  const moves = fc.array(MOVES, { maxLength: 60, size: "max" });
  const law = fc.property(fc.boolean(), fc.boolean(), moves, (live, warm, moves) => {
    const world = new World({ live });
    if (warm) {
      world.hear();
      world.open();
    }
    for (const [name, given] of moves) {
      world[name](...given);
      world.finish();
    }
    world.calm();
    world.check();
    shown += world.shown;
  });
  fc.assert(law, { numRuns: SEQUENCES, includeErrorInReport: true });
  assert.ok(shown > SEQUENCES / 40, `expected answers to be all that there is to show now and then, got ${shown}`);
});
