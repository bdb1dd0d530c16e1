// The line: the socket on which the server answers while something is being dragged, one question at a time.
import { RETRY_MS } from "./converse.js";
import { unpack } from "./wire.js";

/** @import { Action, Packed, Question, Reply } from "./conversation_types.js" */
/** @typedef {Packed<Reply> | {failed: true}} PackedAnswer */

const APP = new URL("../../../", import.meta.url); // of app/static/<version>/line.js

export class Line {
  /** @type {WebSocket | undefined} */
  #socket;
  #tried = 0;

  /** @param {{opened: () => void, answered: (answer: PackedAnswer) => void, closed: () => void}} events */
  constructor(events) {
    this.events = events;
  }

  /**
   * Open it, unless it is open or was tried a moment ago.
   *
   * @param {string} live where the server answers, relative to the app
   */
  open(live) {
    if (this.#socket && this.#socket.readyState !== WebSocket.CLOSED) return;
    if (this.#socket && performance.now() - this.#tried < RETRY_MS) return;
    this.#tried = performance.now();
    const url = new URL(live, APP);
    url.protocol = url.protocol.replace("http", "ws");
    this.#socket = new WebSocket(url);
    this.#socket.binaryType = "arraybuffer";
    this.#socket.onopen = this.events.opened;
    this.#socket.onclose = this.events.closed;
    this.#socket.onmessage = ({ data }) => this.events.answered(/** @type {PackedAnswer} */ (unpack(new Uint8Array(data))));
  }

  /**
   * `has` is what the server need not send again; see `answered` in ui/line.py for the others.
   *
   * @param {Question & Partial<{has: object, settled: boolean, action: Action}>} question
   */
  ask(question) {
    this.#socket?.send(JSON.stringify(question));
  }
}
