import { Pacer } from "./pacer.js";
import { farEnough, ringAt } from "./strokes.js";
import { round } from "./zoom.js";

const INTERVAL = 1000 / 30; // half of what the server takes
const MAX_POINTS = 250; // per message
const LONGEST = 4000; // points of one stroke; then a new one goes on

/** @typedef {[number, number]} Point */

/**
 * @typedef {object} MarkerHandler
 * @property {(m: import("./wire.js").ClientMessage) => boolean} send
 * @property {(id: string, points: Point[], done: boolean, fade: boolean) => void} draw shows the own stroke at once
 * @property {(clientX: number, clientY: number) => Point} toPage
 * @property {() => number} scale
 * @property {() => {x: number, y: number, width: number, height: number}} view what is in sight, page CSS pixels
 * @property {(at: Point | null) => void} point shows the own pointer when the keyboard moves it
 */

/** Marker is an observer's pen and laser. It works by mouse, pen and finger, and by keyboard: arrows move, Enter draws a ring. */
export class Marker {
  fade = true;
  #on = false;
  #handler;
  #count = 0;
  #prefix = Math.random().toString(36).slice(2, 8);
  /** @type {{id: string, last?: Point, points: number} | null} */
  #stroke = null;
  /** @type {Point[]} */
  #waiting = [];
  /** @type {Point | null} */
  #laser = null;
  #shown = false;
  #pacer = new Pacer(INTERVAL, () => this.#flush(false));

  /** @param {MarkerHandler} handler */
  constructor(handler) {
    this.#handler = handler;
  }

  get on() {
    return this.#on;
  }

  /** The id of the stroke that is being drawn, or "". */
  get drawing() {
    return this.#stroke?.id ?? "";
  }

  /** @param {boolean} on */
  set(on) {
    if (on === this.#on) return;
    this.#finish();
    this.#hide();
    this.#on = on;
  }

  /**
   * event takes any pointer event over the picture.
   * @param {PointerEvent} e
   */
  event(e) {
    if (!this.#on) return;
    const at = this.#handler.toPage(e.clientX, e.clientY);
    if (e.type === "pointerdown" && e.button === 0) this.#begin(at);
    else if (e.type === "pointermove" && this.#stroke) this.#draw(e);
    else if (e.type === "pointerup" || e.type === "pointercancel") this.#finish();
    else if (e.type === "pointerleave") return this.#stroke ? undefined : this.#hide();
    if (e.pointerType !== "touch" || e.buttons) this.#point(at);
    else this.#hide();
  }

  /**
   * key takes a keydown over the picture, and says whether it meant something.
   * @param {KeyboardEvent} e
   */
  key(e) {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[e.key];
    if (!this.#on || e.ctrlKey || e.altKey || e.metaKey || !(way || e.key === "Enter" || e.key === " ")) return false;
    const view = this.#handler.view();
    const from = this.#laser ?? [view.x + view.width / 2, view.y + view.height / 2];
    const step = e.shiftKey ? 100 : 20;
    const [dx = 0, dy = 0] = way ?? [];
    const at = /** @type {Point} */ ([
      round(Math.min(view.x + view.width, Math.max(view.x, from[0] + dx * step))),
      round(Math.min(view.y + view.height, Math.max(view.y, from[1] + dy * step))),
    ]);
    this.#point(at);
    this.#handler.point(at);
    if (!way && !e.repeat) this.#ring(at);
    return true;
  }

  /** @param {Point} at */
  #ring(at) {
    this.#finish();
    this.#open();
    this.#waiting = ringAt(at, 36);
    this.#finish();
  }

  #open() {
    this.#stroke = { id: `m${this.#prefix}-${++this.#count}`, points: 0 };
  }

  /** @param {Point} at */
  #begin(at) {
    this.#finish();
    this.#open();
    this.#add(at);
  }

  /** @param {PointerEvent} e */
  #draw(e) {
    const events = e.getCoalescedEvents?.() ?? [];
    for (const one of events.length ? events : [e]) this.#add(this.#handler.toPage(one.clientX, one.clientY));
  }

  /** @param {Point} at */
  #add(at) {
    const stroke = this.#stroke;
    if (!stroke || !farEnough(stroke.last, at, this.#handler.scale())) return;
    stroke.last = at;
    stroke.points++;
    this.#waiting.push(at);
    this.#pacer.ask();
    if (stroke.points < LONGEST) return;
    this.#begin(at);
  }

  #finish() {
    if (!this.#stroke) return;
    this.#flush(true);
    this.#stroke = null;
  }

  /** @param {boolean} done */
  #flush(done) {
    this.#pacer.cancel();
    const stroke = this.#stroke;
    if (stroke && (done || this.#waiting.length)) {
      do {
        const points = this.#waiting.splice(0, MAX_POINTS);
        const last = done && this.#waiting.length === 0;
        this.#handler.draw(stroke.id, points, last, this.fade);
        this.#handler.send({ t: "mark", id: stroke.id, points, done: last, fade: this.fade });
      } while (this.#waiting.length);
    }
    if (this.#laser && this.#on && !this.#shown) {
      this.#handler.send({ t: "pointer", x: this.#laser[0], y: this.#laser[1], on: true });
      this.#shown = true;
    }
  }

  /** @param {Point} at */
  #point(at) {
    this.#laser = at;
    this.#shown = false;
    this.#pacer.ask();
  }

  #hide() {
    this.#handler.point(null);
    if (!this.#laser) return;
    this.#laser = null;
    this.#pacer.cancel();
    this.#handler.send({ t: "pointer", x: 0, y: 0, on: false });
  }
}
