/** What the browser and the server say to each other; see converse.js. */

import type { Item, Items, Shown } from "./types.js";

/** Something that a reader does and that is no value of a field. */
export interface Action {
  name: string;
  value?: unknown;
}

/** What the server says of itself, first and after each report; see ui/shell/components.py. */
export interface Told {
  /** By which one server is told from another. */
  session: string;
  /** The last report and the last action that are in it. */
  seq: number;
  acted: number;
  /** Rises with every value that the server sets by itself. */
  revision: number;
  page: string;
  /** Where the line is, relative to the app, if there is one. */
  live: string | null;
  /** The settings, as in an address. */
  state: string;
  /** Whether the address bar follows. */
  settled: boolean;
  /** None: they are as they were. */
  items: Item[] | null;
  /** What to say while nobody answers. */
  offline: string;
  /** Actions by keyboard key. */
  keys?: Record<string, Action>;
}

/** What goes the long way. */
export interface Report {
  session: string;
  seq: number;
  revision: number;
  values: Record<string, unknown>;
  action: (Action & { number: number }) | undefined;
  settled: boolean;
  /** The settings, for a new server that does not know them. */
  address: string | undefined;
  /** What each of these parts shows already. */
  shown: { query: string; parts: string[] } | undefined;
}

/** What goes on the line; `exact` has the squares of pictures as numbers, which takes several times as many bytes. */
export interface Question {
  page: string;
  query: string;
  values: Record<string, unknown>;
  exact: boolean;
}

type Message = Shown<never>;

/** What a page shows of some settings. Without parts, the notices stand beside what is shown. */
export interface Reply {
  query: string;
  items: Item[] | null;
  parts: Message[];
  notices: string[];
}

/** The same as it is sent: see `ui.render.answer`. */
export type Packed<Of extends Reply> = Omit<Of, "items"> & { items: Items | null };

export type Answer = Reply | { failed: true };

/** With the number of the last report that is in it. */
export type News = Reply & { seq: number };

/** By field, what the server has not confirmed; with a short name for the address where it need not hear of it at once. */
export type Local = Record<string, { value: unknown; short?: string }>;

export interface State {
  /** What the server said last. */
  told: Told | undefined;
  items: Item[];
  local: Local;
  /** Those that the server has not confirmed, in order. */
  actions: (Action & { number: number })[];
  /** The number of the last action. */
  acted: number;
  /** The number of the last report. */
  seq: number;
  /** The report that is under way. */
  flying: Pick<Report, "seq" | "values" | "settled"> | undefined;
  /** Whether a report is wanted: of values that are still moving, or of such as have settled. */
  due: boolean | undefined;
  /** Reports without an answer. */
  silence: number;
  /** The settings that a new server has yet to hear of. */
  restore: string | undefined;
  /** The line. */
  open: boolean;
  /** Whether a question is under way on it. */
  asking: boolean;
  /** What was asked last, the values as a text, unless the server has said more since. */
  asked: { of: string; exact: boolean } | undefined;
  /** Whether a report waits for the question that is under way. */
  resting: boolean;
  /** The last answer, where it was all that there is to show, and the values that it is of. */
  drawn: { of: string; query: string; parts: string[]; exact: boolean } | undefined;
}

/** What the page is like at an event. */
export interface Sight {
  /** Whether a control is under the finger. */
  held: boolean;
  /** The query that each part shows. */
  shows: Record<string, string | undefined>;
}

/** What has happened. */
export type Happening =
  | { type: "hear"; message: Told }
  | { type: "change"; name: string; value: unknown; settled: boolean }
  | { type: "keep"; name: string; value: unknown; short: string }
  | { type: "act"; action: Action }
  | { type: "renew"; news: News }
  | { type: "refresh" }
  | { type: "answered"; answer: Answer }
  | { type: "opened" | "closed" | "soon" | "quiet" | "unanswered" };

export type Event = Sight & Happening;

/** What is to be done. */
export type Effect =
  | { type: "report"; report: Report }
  | { type: "connect"; live: string }
  | { type: "ask"; question: Question }
  /** After a time, or at the end of the task, this event comes back; a later one of the same kind takes its place. */
  | { type: "wait"; event: "quiet" | "unanswered"; ms: number }
  | { type: "cancel"; event: "quiet" }
  | { type: "soon" }
  /** Of the controls. */
  | { type: "show"; items: Item[]; values: Record<string, unknown> }
  | { type: "offline"; sentence: string }
  /** Of the parts. */
  | { type: "draw"; parts: Message[]; notices: string[] }
  | { type: "follow"; name: string; value: unknown }
  | { type: "address"; query: string }
  | { type: "wake" };

export type Step = [state: State, effects: Effect[]];
