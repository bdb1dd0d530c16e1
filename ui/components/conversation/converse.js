// What browser and server say to each other, as a pure function: (state, event) -> [state, effects].
//
// Two ways to the server. While something is being dragged, values go out on the line, if one is open, and pictures come
// back without a run of the page's script: at most one question is under way, the newest values go next. Once the values
// have settled, the picture comes with numbers instead of colours, and they are reported: {session, seq, revision, values,
// action, settled, address, shown}. Where the last answer is all that there is to show, `shown` says so, and nothing of it
// is sent again. What the server says next carries the number of the report that is in it, which releases the next one.
// Without that for a second we report again what we have. A new server, whose `session` is another, learns everything,
// and the `address` if it knows another one. An action carries a number of its own, so that one that is reported twice is
// done once. Values that the server sets by itself (a preset) carry a higher `revision` and win over all that it has not
// confirmed. Where no line is open, every value is reported.
//
// Nothing here waits, sends or draws: effects say what is to be done, and times that are over come back as events. Each
// event tells what the page is like: `held`, whether a control is under the finger, and `shows`, the query of each part.

/** @import { Action, Answer, Effect, Event, Local, News, Sight, State, Step, Told } from "./conversation_types.js" */

export const RETRY_MS = 1000; // without an answer, until we ask again
export const SETTLE_MS = 120; // from the last of several quick changes, such as repeated keys, to the report

/** @type {State} */
export const SILENCE = {
  told: undefined,
  items: [],
  local: {},
  actions: [],
  acted: 0,
  seq: 0,
  flying: undefined,
  due: undefined,
  silence: 0,
  restore: undefined,
  open: false,
  asking: false,
  asked: undefined,
  resting: false,
  drawn: undefined,
};

/**
 * The state after an event, and what is to be done about it.
 *
 * @param {State} state
 * @param {Event} event
 * @returns {Step}
 */
export function converse(state, event) {
  switch (event.type) {
    case "hear":
      return hear(state, event.message, event);
    case "change":
      return change(state, event);
    case "keep":
      return keep(state, event);
    case "act":
      return act(state, event.action, event);
    case "renew":
      return renew(state, event.news, event);
    case "refresh":
      return settle({ ...state, drawn: undefined }, event);
    case "soon":
      return soon(state, event);
    case "quiet":
      return quiet(state, event);
    case "unanswered":
      return unanswered(state, event);
    case "opened":
      return ask({ ...state, open: true });
    case "answered":
      return answered(state, event.answer, event);
    case "closed":
      return closed(state, event);
  }
}

/**
 * The values that the server has not confirmed, by their fields.
 *
 * @param {Local} local
 */
export function values(local) {
  return Object.fromEntries(Object.entries(local).map(([name, { value }]) => [name, value]));
}

/**
 * The server says where it is.
 *
 * @param {State} state
 * @param {Told} message
 * @param {Sight} sight
 * @returns {Step}
 */
function hear(state, message, { held, shows }) {
  const { told } = state;
  const same = told?.session === message.session;
  const here = told?.page === message.page;
  if (same && (message.seq < told.seq || message.revision < told.revision)) return [state, []]; // it was overtaken
  /** @type {State} */
  let next = { ...state, told: message, silence: 0 };
  if (message.items) next = { ...next, items: message.items, drawn: undefined };
  if (!same) next = { ...next, flying: undefined, restore: state.restore ?? missing(told, message) };
  else if (message.revision > told.revision) next = overruled(next);
  if (same) next = confirm(next, message);
  if (!here) next = { ...next, flying: undefined, asked: undefined, drawn: undefined }; // that was another page's
  const news = next.restore !== undefined || some(next.local);
  if (news && !(same && here)) next = { ...next, due: next.due || !(held && moved(next.local)) };
  /** @type {Effect[]} */
  const effects = [{ type: "show", items: next.items, values: values(next.local) }];
  if (state.silence > 1) effects.push({ type: "offline", sentence: "" });
  if (message.settled && next.restore === undefined) effects.push(address(message.state, next.local));
  if (message.live) effects.push({ type: "connect", live: message.live }); // ready for the first touch
  return then([next, effects], (after) => send(after, { shows }));
}

/**
 * The address that a new server does not have: Streamlit tells it the one with which the page was loaded.
 *
 * @param {Told | undefined} told
 * @param {Told} message
 */
function missing(told, message) {
  return told?.state === message.state ? undefined : told?.state;
}

/**
 * The server has set values by itself, which are newer than what we have; it will not take those that are under way.
 *
 * @param {State} state
 * @returns {State}
 */
function overruled(state) {
  const flying = state.flying && { ...state.flying, values: {} };
  return { ...state, flying, local: {}, due: undefined, restore: undefined, asked: undefined };
}

/**
 * What of ours the server has taken is its own from now on.
 *
 * @param {State} state
 * @param {Told} message
 * @returns {State}
 */
function confirm(state, { seq, acted }) {
  const { flying } = state;
  const actions = state.actions.filter(({ number }) => number > acted);
  if (!flying || seq < flying.seq) return { ...state, actions };
  const newer = Object.entries(state.local).filter(([name, { value }]) => value !== flying.values[name]);
  const local = Object.fromEntries(newer);
  return { ...state, actions, local, flying: undefined, restore: undefined, asked: undefined };
}

/**
 * The reader sets a value. It goes out at the end of the task, with `change` beside `input`.
 *
 * @param {State} state
 * @param {Extract<Event, {type: "change"}>} event
 * @returns {Step}
 */
function change(state, { name, value, settled }) {
  const streaming = streams(state);
  const due = streaming ? state.due : settled || Boolean(state.due);
  /** @type {Effect[]} */
  const effects = [{ type: "follow", name, value }, { type: "soon" }];
  if (state.told?.live) effects.push({ type: "connect", live: state.told.live });
  if (streaming && settled) effects.push({ type: "wait", event: "quiet", ms: SETTLE_MS });
  else effects.push({ type: "cancel", event: "quiet" });
  return [{ ...state, local: { ...state.local, [name]: { value } }, due, resting: false }, effects];
}

/**
 * The reader sets a value that changes nothing but what the browser shows: the address has it under its short name, and
 * the next report takes it along.
 *
 * @param {State} state
 * @param {Extract<Event, {type: "keep"}>} event
 * @returns {Step}
 */
function keep(state, { name, value, short }) {
  const before = state.local[name];
  if (before?.short && before.value === value) return [state, []];
  const local = { ...state.local, [name]: { value, short } };
  const { told, restore } = state;
  return [{ ...state, local }, told && restore === undefined ? [address(told.state, local)] : []];
}

/**
 * The reader does something that is no value of a field.
 *
 * @param {State} state
 * @param {Action} action
 * @param {Sight} sight
 * @returns {Step}
 */
function act(state, action, sight) {
  const acted = state.acted + 1;
  return settle({ ...state, acted, actions: [...state.actions, { ...action, number: acted }] }, sight);
}

/**
 * The server shows something of its own accord. Not while the reader is at a control, which asks anyway, nor what was made
 * (`seq`) before the last report that is confirmed: the two come different ways.
 *
 * @param {State} state
 * @param {News} news
 * @param {Sight} sight
 * @returns {Step}
 */
function renew(state, news, { held, shows }) {
  const { told, flying, restore, local } = state;
  const busy = held || flying || restore !== undefined || moved(local);
  const there = news.parts.every(({ name }) => name in shows);
  if (!told || busy || !there || news.seq < told.seq) return [state, []];
  const [next, effects] = draw({ ...state, told: { ...told, state: news.query } }, news);
  return [next, [...effects, address(news.query, local)]];
}

/**
 * The task in which values were set is over, or an answer has been drawn.
 *
 * @param {State} state
 * @param {Sight} sight
 * @returns {Step}
 */
function soon(state, sight) {
  return then(ask(state), (after) => (after.resting && !after.asking ? rest(after, sight) : send(after, sight)));
}

/**
 * For a while nothing was moved, or no answer came.
 *
 * @param {State} state
 * @param {Sight} sight
 * @returns {Step}
 */
function quiet(state, sight) {
  return state.resting ? settle(state, sight) : rest(state, sight);
}

/**
 * The values have settled; the answer that is under way, or the same with numbers, may be all that there is to show.
 *
 * @param {State} state
 * @param {Sight} sight
 * @returns {Step}
 */
function rest(state, sight) {
  const [next, effects] = present(state)?.exact === false ? ask(state, true) : [state, []];
  if (!next.asking) return settle(next, sight);
  return [{ ...next, resting: true }, [...effects, { type: "wait", event: "quiet", ms: RETRY_MS }]];
}

/**
 * @param {State} state
 * @param {Sight} sight
 * @returns {Step}
 */
function settle(state, sight) {
  return then([{ ...state, due: true, resting: false }, [{ type: "cancel", event: "quiet" }]], (after) => send(after, sight));
}

/**
 * The long way: report, unless a report is under way already.
 *
 * @param {State} state
 * @param {Pick<Sight, "shows">} sight
 * @returns {Step}
 */
function send(state, { shows }) {
  const { told, flying, due, restore, silence, local } = state;
  const [next] = state.actions;
  if (!told || flying || (due === undefined && !next)) return [state, []];
  const action = restore === undefined ? next : undefined; // it is to act on what the address says
  // After a silence the answers to what we reported before may still come, and show something older.
  const shown = action || restore !== undefined || silence ? undefined : whole(state, shows);
  const { session, revision } = told;
  const seq = Math.max(state.seq, told.seq) + 1;
  const sent = { seq, values: values(local), settled: Boolean(due || next) };
  return [
    { ...state, seq, flying: sent, due: undefined },
    [
      { type: "report", report: { session, revision, ...sent, action, address: restore, shown } },
      { type: "wait", event: "unanswered", ms: RETRY_MS },
    ],
  ];
}

/**
 * What the server need not send: the last answer, where it is of the very values that are reported and each part shows it.
 *
 * @param {State} state
 * @param {Sight["shows"]} shows
 */
function whole(state, shows) {
  const drawn = present(state);
  if (!drawn?.exact) return undefined;
  const { query, parts } = drawn;
  return parts.every((name) => shows[name] === query) ? { query, parts } : undefined;
}

/**
 * The last answer, if it is of the very values that the reader has set.
 *
 * @param {State} state
 */
function present({ drawn, local }) {
  return drawn?.of === JSON.stringify(values(local)) ? drawn : undefined;
}

/**
 * A second has passed since the last report, or since we gave up hope.
 *
 * @param {State} state
 * @param {Sight} sight
 * @returns {Step}
 */
function unanswered(state, sight) {
  const { told, flying } = state;
  if (!told || !flying) return send(state, sight);
  const silence = state.silence + 1;
  const next = { ...state, silence, flying: undefined, due: state.due || flying.settled };
  if (silence < 2) return send(next, sight);
  // The page is not woken together with a report, which belongs to a part of it.
  const effects = [
    { type: "offline", sentence: told.offline },
    { type: "wake" },
    { type: "wait", event: "unanswered", ms: RETRY_MS },
  ];
  return [next, /** @type {Effect[]} */ (effects)];
}

/**
 * The short way: ask for the pictures of the newest values, unless a question is under way already.
 *
 * @param {State} state
 * @param {boolean} [exact]
 * @returns {Step}
 */
function ask(state, exact = false) {
  const { told, local, asked } = state;
  if (!told || !streams(state) || state.asking || !some(local)) return [state, []];
  const of = JSON.stringify(values(local));
  if (asked?.of === of && (asked.exact || !exact)) return [state, []];
  const question = { page: told.page, query: state.restore ?? told.state, values: values(local), exact };
  return [{ ...state, asking: true, asked: { of, exact } }, [{ type: "ask", question }]];
}

/**
 * Whether there is a short way.
 *
 * @param {State} state
 */
function streams({ told, open }) {
  return open && Boolean(told?.live);
}

/**
 * An answer on the line. What the server has taken or set meanwhile comes the long way, and is newer.
 *
 * @param {State} state
 * @param {Answer} answer
 * @param {Sight} sight
 * @returns {Step}
 */
function answered(state, answer, sight) {
  const { asked } = state;
  const next = { ...state, asking: false };
  if ("failed" in answer) return settle(next, sight);
  const [asking, question] = ask(next); // it is under way while we draw
  const [after, drawing] = asked && some(state.local) ? draw(asking, answer, asked.of) : [asking, []];
  return [after, [...question, ...drawing, { type: "soon" }]];
}

/**
 * Show an answer; `of` is the text of the values that it was asked for, if it was asked for.
 *
 * @param {State} state
 * @param {News | Exclude<Answer, {failed: true}>} answer
 * @param {string} [of]
 * @returns {Step}
 */
function draw(state, { query, items, parts, notices }, of) {
  /** @type {Effect[]} */
  const effects = [{ type: "draw", parts, notices }];
  if (items) effects.unshift({ type: "show", items, values: values(state.local) });
  const all = items && parts.length && !parts.some((part) => part.rough || part.words.notices.length);
  const exact = parts.every((part) => part.exact);
  const drawn = all && of !== undefined ? { of, query, parts: parts.map(({ name }) => name), exact } : undefined;
  return [{ ...state, items: items ?? state.items, drawn }, effects];
}

/**
 * The line is lost; what it was asked goes the long way.
 *
 * @param {State} state
 * @param {Sight} sight
 * @returns {Step}
 */
function closed(state, sight) {
  const next = { ...state, open: false, asking: false, asked: undefined };
  return some(state.local) && !state.flying ? settle(next, sight) : [next, []];
}

/**
 * The address that the browser shows: the server's, with what it need not hear of at once.
 *
 * @param {string} query
 * @param {Local} local
 * @returns {Effect}
 */
function address(query, local) {
  const kept = Object.values(local).filter(({ short }) => short);
  if (!kept.length) return { type: "address", query };
  const params = new URLSearchParams(query);
  for (const { value, short } of kept) params.set(String(short), String(value));
  return { type: "address", query: params.toString() };
}

/**
 * Go on from a step.
 *
 * @param {Step} step
 * @param {(state: State) => Step} next
 * @returns {Step}
 */
function then([state, effects], next) {
  const [after, more] = next(state);
  return [after, [...effects, ...more]];
}

/** @param {Local} local */
function some(local) {
  return Object.keys(local).length > 0;
}

/**
 * Whether there is something of which the server must hear.
 *
 * @param {Local} local
 */
function moved(local) {
  return Object.values(local).some(({ short }) => !short);
}
