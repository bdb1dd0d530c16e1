// A browser, a server and the net between them, for converse.js to be played with: everything may be slow, late or lost.
//
// The server is ui/session.py in small: it keeps the settings, takes each report once, and says where it is. The world
// checks what must hold at every moment, and notes what the reader wants in the end.
import assert from "node:assert/strict";
import { published } from "./published.js";

const { SILENCE, converse } = await published("converse.js");

const PAGES = ["gates", "step"];
const START = { a: "0", b: "0", k: "0" };
const PRESETS = { spring: { a: "s", b: "s", k: "0" }, autumn: { a: "t", b: "0", k: "t" } };

/** The parts of a page. */
const named = (page) => [`${page} above`, `${page} below`];
const query = (fields) => new URLSearchParams(fields).toString();
const fields = (text) => Object.fromEntries(new URLSearchParams(text));

class Server {
  static count = 0;

  constructor(address, page) {
    this.session = `session ${(Server.count += 1)}`;
    this.page = page;
    this.fields = fields(address);
    this.seq = this.acted = this.revision = 0;
    this.settled = true;
    this.done = []; // the numbers of the actions that were done
  }

  get state() {
    return query(this.fields);
  }

  /** Take a report as Session.receive does; whether the browser shows already what comes of it. */
  receive({ session, seq, values, action, revision, settled, address, shown }) {
    if (seq <= this.seq || session !== this.session) return false;
    this.seq = seq;
    const current = revision === this.revision;
    if (current && address !== undefined) this.fields = fields(address);
    this.settled = settled;
    if (current) Object.assign(this.fields, values);
    if (action && action.number > this.acted) {
      this.acted = action.number;
      this.done.push(action.number);
      this.set(action.value);
    }
    return shown?.query === this.state && String(shown.parts) === String(named(this.page));
  }

  set(preset) {
    Object.assign(this.fields, PRESETS[preset]);
    this.revision += 1;
  }

  told(live) {
    const { session, seq, acted, revision, page, state, settled } = this;
    return { session, seq, acted, revision, page, live, state, settled, items: [{ state }], offline: "away" };
  }
}

/** What a page shows of some settings. */
function reply(page, text, exact, notices = [], rough = false) {
  const parts = named(page).map((name) => ({ name, rough, exact, words: { notices } }));
  return { query: text, items: [{ state: text }], parts, notices };
}

export class World {
  constructor({ live }) {
    this.live = live ? "live" : null;
    this.state = SILENCE;
    this.server = new Server(query(START), "gates");
    this.parts = {}; // by name, what each shows
    this.whole = {}; // by name, whether all of it, with numbers and without notices
    this.items = [];
    this.held = false;
    this.address = this.offline = "";
    this.timers = new Set();
    this.soon = 0;
    this.reports = []; // on their way to the server
    this.messages = []; // on their way back
    this.news = [];
    this.line = "closed"; // or "opening", "open"
    this.question = this.answer = undefined; // on the line
    this.flying = undefined; // the number of the report that nobody has given up
    this.wanted = { ...START }; // by field, what the reader wants in the end
    this.last = undefined; // the last change
    this.acted = new Set(); // the numbers of what the reader did
    this.done = new Map(); // by number, how often it was done, on whatever server
    this.restarts = this.shown = 0;
    this.say(true);
  }

  // The browser

  on(happening) {
    const before = JSON.stringify(this.state);
    const event = { ...happening, held: this.held, shows: { ...this.parts } };
    const [state, effects] = converse(this.state, event);
    assert.equal(JSON.stringify(this.state), before, "the state that was there is left alone");
    this.state = state;
    for (const effect of effects) this[`do_${effect.type}`](effect);
    return effects;
  }

  /** The end of the task. */
  finish() {
    for (; this.soon; this.soon -= 1) this.on({ type: "soon" });
  }

  do_report({ report }) {
    assert.equal(this.flying, undefined, "two reports under way");
    assert.ok(report.address === undefined || !report.action, "an action that may be done before the address is known");
    this.flying = report.seq;
    if (report.shown) {
      this.shown += 1;
      for (const name of report.shown.parts) {
        assert.equal(this.parts[name], report.shown.query, "shown, but is not");
        assert.ok(this.whole[name], "shown, but not all of it");
      }
      const { told } = this.state;
      const values = query({ ...fields(told.state), ...report.values });
      assert.equal(report.shown.query, values, "shown, but of other values");
      assert.equal(this.items[0].state, values, "shown, but not in the controls");
    }
    this.reports.push(structuredClone(report));
  }

  do_ask({ question }) {
    assert.equal(this.line, "open", "a question without a line");
    assert.equal(this.question ?? this.answer, undefined, "two questions under way");
    this.question = structuredClone(question);
  }

  do_connect() {
    if (this.line === "closed") this.line = "opening";
  }

  do_soon() {
    this.soon += 1;
  }

  do_wait({ event, ms }) {
    assert.ok(ms > 0);
    this.timers.add(event);
  }

  do_cancel({ event }) {
    this.timers.delete(event);
  }

  do_show({ items }) {
    this.items = items;
  }

  do_draw({ parts, notices }) {
    for (const { name, exact, rough, words } of parts) {
      if (!(name in this.parts)) continue;
      this.parts[name] = this.drawing;
      this.whole[name] = exact && !rough && !words.notices.length;
    }
    if (!parts.length) this.noticed = notices;
  }

  do_follow({ name, value }) {
    assert.equal(this.state.local[name].value, value);
  }

  do_address({ query: text }) {
    this.address = text;
  }

  do_offline({ sentence }) {
    this.offline = sentence;
  }

  do_wake() {
    this.reports.push(undefined);
  }

  // The reader

  change(name, value, settled) {
    this.wanted[name] = value;
    this.last = { name, value };
    this.on({ type: "change", name, value, settled });
  }

  keep(value) {
    this.wanted.k = value;
    this.on({ type: "keep", name: "k", value, short: "k" });
  }

  act(value) {
    this.on({ type: "act", action: { name: "preset", value } });
    this.acted.add(this.state.acted);
  }

  hold() {
    this.held = !this.held;
  }

  /** Go to another page: its controls are new, and its parts. */
  travel() {
    this.server.page = PAGES[1 - PAGES.indexOf(this.server.page)];
    this.parts = {};
    this.held = false;
    this.say(true);
  }

  /** Drag while the line answers at once, and let go; `how` it answers then. */
  drag(name, value, how) {
    const answer = (how) => {
      this.finish();
      this.reply(how);
      this.take();
    };
    for (const settled of [false, true]) {
      this.change(name, value, settled);
      answer("whole");
    }
    this.time("quiet");
    answer(how);
  }

  // The net

  /** The server says where it is; `sure`: that cannot be lost, such as a page that opens. */
  say(sure = false, shown = false) {
    const message = this.server.told(this.live);
    if (shown) message.items = null;
    this.messages.push({ message, sure });
  }

  /** A report arrives, or the wish that the whole page runs, and is answered. */
  arrive() {
    if (!this.reports.length) return;
    const { server } = this;
    const report = this.reports.shift();
    const known = server.done.length;
    const shown = report && server.receive(report);
    for (const number of server.done.slice(known)) this.done.set(number, (this.done.get(number) ?? 0) + 1);
    this.say(false, shown);
  }

  /** What the server said arrives: in turn, or one that was overtaken by the next, as long as that is still the same page. */
  hear(late = false) {
    const [first, second] = this.messages;
    const swap = late && second && !second.sure && !first.sure;
    const [{ message }] = this.messages.splice(swap ? 1 : 0, 1).concat({});
    if (!message) return;
    const { told } = this.state;
    const same = told?.session === message.session;
    const old = same && (message.seq < told.seq || message.revision < told.revision);
    if (!same || message.page !== told.page || message.seq >= this.flying) this.flying = undefined;
    if (same && message.revision > told.revision) {
      this.wanted = fields(message.state);
      this.last = undefined;
      this.news = [];
    }
    this.on({ type: "hear", message });
    assert.equal(this.state.told.revision, old ? told.revision : message.revision);
    if (old || !message.items) return;
    if (message.page !== this.server.page) return;
    for (const name of named(message.page)) [this.parts[name], this.whole[name]] = [message.state, true];
  }

  lose() {
    if (this.messages.length && !this.messages[0].sure) this.messages.shift();
    else this.reports.shift();
  }

  time(event) {
    if (!this.timers.delete(event)) return;
    if (event === "unanswered") this.flying = undefined;
    this.on({ type: event });
  }

  open() {
    if (this.line !== "opening") return;
    this.line = "open";
    this.on({ type: "opened" });
  }

  close() {
    if (this.line === "closed") return;
    this.line = "closed";
    this.question = this.answer = undefined;
    this.on({ type: "closed" });
  }

  /** The server answers on the line: well, with a picture that is rough, with a notice, with nothing but a notice, or not. */
  reply(how) {
    if (!this.question) return;
    const text = query({ ...fields(this.question.query), ...this.question.values });
    const { page, query: before, exact } = this.question;
    this.question = undefined;
    this.answer = {
      whole: () => reply(page, text, exact),
      rough: () => reply(page, text, exact, [], true),
      noticed: () => reply(page, text, exact, ["That is too much."]),
      none: () => ({ query: before, items: null, parts: [], notices: ["That is no number."] }),
      failed: () => ({ failed: true }),
    }[how]();
  }

  take() {
    const { answer } = this;
    if (!answer) return;
    this.answer = undefined;
    this.drawing = answer.query;
    this.on({ type: "answered", answer });
  }

  preset(name) {
    this.server.set(name);
    this.server.settled = true;
    this.say(true);
  }

  /** The server has something new to show of its present settings. */
  tell() {
    this.news.push({ seq: this.server.seq, ...reply(this.server.page, this.server.state, true) });
  }

  renew() {
    const news = this.news.shift();
    if (!news) return;
    this.drawing = news.query;
    const told = this.state.told;
    const shown = this.on({ type: "renew", news }).length > 0;
    if (!shown) return;
    assert.ok(!this.held && this.flying === undefined, "news while the reader is at it");
    assert.ok(news.seq >= told.seq, "old news");
    this.wanted = { ...fields(news.query), ...("k" in this.state.local && { k: this.wanted.k }) };
  }

  restart() {
    this.restarts += 1;
    this.server = new Server(query(START), this.server.page);
    this.reports = [];
    this.messages = [];
    this.news = [];
    this.close();
    this.say(true);
  }

  /** A part leaves the page and is there again, with nothing to show. */
  remount(place) {
    const name = Object.keys(this.parts)[place];
    if (name === undefined) return;
    this.parts[name] = undefined;
    this.on({ type: "refresh" });
  }

  // The end

  /** Nothing is lost any more and the reader lets go: all that is under way arrives, and every time passes. */
  calm() {
    this.held = false;
    if (this.last) this.change(this.last.name, this.last.value, true);
    for (let left = 1000; ; left -= 1) {
      assert.ok(left, "it never ends");
      this.finish();
      if (this.messages.length) this.hear();
      else if (this.reports.length) this.arrive();
      else if (this.line === "opening") this.open();
      else if (this.question) this.reply("whole");
      else if (this.answer) this.take();
      else if (this.timers.size) this.time([...this.timers][0]);
      else return;
    }
  }

  /** What must hold in the end. */
  check() {
    const { state, server } = this;
    const waiting = Object.entries(state.local).filter(([, { short }]) => !short);
    assert.deepEqual(waiting, [], "a value that is not confirmed");
    assert.deepEqual([state.flying, state.actions, state.due, state.asking, state.resting], [undefined, [], undefined, false, false]);
    assert.equal(state.restore, undefined, "an address that is not told");
    assert.equal(state.told.state, server.state);
    const there = { ...server.fields, ...Object.fromEntries(Object.entries(state.local).map(([name, { value }]) => [name, value])) };
    assert.deepEqual(there, this.wanted, "what the reader wants");
    assert.deepEqual(fields(this.address), this.wanted);
    assert.equal(this.offline, "");
    for (const number of this.acted) {
      const times = this.done.get(number) ?? 0;
      assert.ok(times > 0, `action ${number} was never done`);
      assert.ok(times === 1 || times <= 1 + this.restarts, `action ${number} was done ${times} times`);
    }
    assert.equal(new Set(server.done).size, server.done.length);
    const heard = (text) => ({ ...fields(text), ...("k" in state.local && { k: server.fields.k }) });
    for (const name of named(server.page)) assert.deepEqual(heard(this.parts[name]), server.fields, "a part that shows something else");
    assert.deepEqual(heard(this.items[0].state), server.fields, "controls of something else");
  }
}
