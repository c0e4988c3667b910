import { PROTOCOL_VERSION, readMessage } from "./wire.js";

const FIRST_DELAY = 300;
const LONGEST_DELAY = 8000;
const OPEN_TIMEOUT = 10000;

/** Failures after which another try with the same credential cannot succeed. */
const FINAL = new Set(["credential", "version", "not_admitted", "removed", "session_unknown", "call_unknown", "participant_unknown"]);

/** @typedef {"connecting" | "open" | "reconnecting" | "closed"} SocketState */

/**
 * @typedef {object} SocketHandler
 * @property {(m: import("./wire.js").ServerMessage) => void} message
 * @property {(data: ArrayBuffer) => void} [picture]
 * @property {(state: SocketState) => void} state
 */

/**
 * delayBefore returns how long to wait before try n (0, 1, …): it doubles, with ±25 % at random so that viewers do not come back all at once.
 * @param {number} n
 * @param {() => number} [random]
 */
export function delayBefore(n, random = Math.random) {
  return Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** Math.min(n, 10)) * (0.75 + random() / 2);
}

/**
 * Socket is a participant's connection: it says hello, reads messages, and comes back by itself after it was cut off, until close
 * or until the server said that it is over (ended, or a failure that no further try can mend).
 */
export class Socket {
  #url;
  #credential;
  #handler;
  /** @type {WebSocket | null} */
  #ws = null;
  #tries = 0;
  #timer = 0;
  #opening = 0;
  #everOpen = false;
  /** @type {SocketState} */
  #state = "connecting";
  #online = () => this.retry();

  /**
   * @param {URL} url ws or wss
   * @param {string} credential
   * @param {SocketHandler} handler
   */
  constructor(url, credential, handler) {
    this.#url = url;
    this.#credential = credential;
    this.#handler = handler;
    addEventListener("online", this.#online);
    document.addEventListener("visibilitychange", this.#online);
    this.#connect();
  }

  get state() {
    return this.#state;
  }

  /**
   * send sends a message if the connection is open, and says whether it did. Nothing is kept for later: what was typed into a
   * lost connection must not arrive on a page that went on.
   * @param {import("./wire.js").ClientMessage} m
   */
  send(m) {
    if (this.#state !== "open" || this.#ws?.readyState !== WebSocket.OPEN) return false;
    this.#ws.send(JSON.stringify(m));
    return true;
  }

  /** close ends the connection for good. */
  close() {
    if (this.#state === "closed") return;
    clearTimeout(this.#timer);
    clearTimeout(this.#opening);
    removeEventListener("online", this.#online);
    document.removeEventListener("visibilitychange", this.#online);
    const ws = this.#ws;
    this.#ws = null;
    ws?.close(1000);
    this.#become("closed");
  }

  /** @param {SocketState} state */
  #become(state) {
    if (this.#state === state) return;
    this.#state = state;
    this.#handler.state(state);
  }

  #connect() {
    const ws = new WebSocket(this.#url);
    ws.binaryType = "arraybuffer";
    this.#ws = ws;
    this.#opening = setTimeout(() => ws.close(), OPEN_TIMEOUT);
    ws.addEventListener("open", () => ws.send(JSON.stringify({ t: "hello", v: PROTOCOL_VERSION, credential: this.#credential })));
    ws.addEventListener("message", (e) => {
      if (ws === this.#ws) this.#receive(e.data);
    });
    ws.addEventListener("close", () => {
      clearTimeout(this.#opening);
      if (ws !== this.#ws) return;
      this.#ws = null;
      this.#become(this.#everOpen ? "reconnecting" : "connecting");
      this.#timer = setTimeout(() => this.#connect(), delayBefore(this.#tries++));
    });
  }

  /** retry does not wait any longer for the next try, if there is one to wait for. */
  retry() {
    if (this.#state === "closed" || this.#ws || document.visibilityState === "hidden") return;
    clearTimeout(this.#timer);
    this.#connect();
  }

  /** @param {string | ArrayBuffer} data */
  #receive(data) {
    if (typeof data !== "string") {
      this.#handler.picture?.(data);
      return;
    }
    const m = readMessage(data);
    if (!m) return;
    if (m.t === "state" || m.t === "call") {
      // The first whole state proves that the server took the hello.
      clearTimeout(this.#opening);
      this.#tries = 0;
      this.#everOpen = true;
      this.#become("open");
    }
    this.#handler.message(m);
    if (m.t === "ended" || (m.t === "error" && FINAL.has(m.code))) this.close();
  }
}
