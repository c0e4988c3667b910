import { Pacer } from "./pacer.js";

/** @typedef {{x: number, y: number}} Point */

/**
 * @typedef {object} View the participant's own view, which two fingers move and zoom
 * @property {(dx: number, dy: number) => boolean} pan moves it; false when there is nothing to move
 * @property {(factor: number, clientX: number, clientY: number) => void} pinch
 */

/**
 * Touch turns fingers into inputs: one finger is a finger on the shared page; two move and zoom the participant's own view, or
 * scroll the page when the whole page is in view.
 */
export class Touch {
  /** @type {Map<number, Point>} */
  #fingers = new Map();
  /** @type {number | null} the finger that is on the page now */
  #onPage = null;
  #moved = false;
  #send;
  #toViewport;
  #view;
  #scroll;
  #moves = new Pacer(1000 / 60, () => this.#move());

  /**
   * @param {import("./pointer.js").Send | null} send null: this participant does not navigate
   * @param {import("./pointer.js").ToViewport} toViewport
   * @param {View} view
   * @param {(clientX: number, clientY: number, dx: number, dy: number) => void} scroll
   */
  constructor(send, toViewport, view, scroll) {
    this.#send = send;
    this.#toViewport = toViewport;
    this.#view = view;
    this.#scroll = scroll;
  }

  /**
   * event takes any pointer event of a finger.
   * @param {PointerEvent} e
   */
  event(e) {
    const at = { x: e.clientX, y: e.clientY };
    if (e.type === "pointerdown") this.#down(e.pointerId, at);
    else if (e.type === "pointermove") this.#drag(e.pointerId, at);
    else this.#up(e.pointerId, e.type === "pointercancel");
  }

  /** release lifts every finger. */
  release() {
    this.#leavePage("cancel");
    this.#fingers.clear();
  }

  /**
   * @param {number} id
   * @param {Point} at
   */
  #down(id, at) {
    this.#fingers.set(id, at);
    if (this.#fingers.size > 1) return this.#leavePage("cancel");
    if (!this.#send) return;
    this.#onPage = id;
    this.#touch("start");
  }

  /**
   * @param {number} id
   * @param {Point} at
   */
  #drag(id, at) {
    const was = this.#fingers.get(id);
    if (!was) return;
    if (id === this.#onPage) {
      this.#fingers.set(id, at);
      this.#moved = true;
      this.#moves.ask();
      return;
    }
    const other = [...this.#fingers].find(([other]) => other !== id)?.[1];
    this.#fingers.set(id, at);
    if (!other) {
      this.#view.pan(at.x - was.x, at.y - was.y);
      return;
    }
    const [before, after] = [distance(was, other), distance(at, other)];
    const middle = { x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 };
    if (before > 0 && Math.abs(after / before - 1) > 0.002) this.#view.pinch(after / before, middle.x, middle.y);
    // Half of each finger's way: the middle between the two moves by that much.
    const [dx, dy] = [(at.x - was.x) / 2, (at.y - was.y) / 2];
    if (!this.#view.pan(dx, dy) && this.#send) this.#scroll(middle.x, middle.y, -dx, -dy);
  }

  /**
   * @param {number} id
   * @param {boolean} cancelled
   */
  #up(id, cancelled) {
    if (id === this.#onPage) this.#leavePage(cancelled ? "cancel" : "end");
    this.#fingers.delete(id);
  }

  #move() {
    if (this.#moved && this.#onPage !== null) this.#touch("move");
    this.#moved = false;
  }

  /** @param {"end" | "cancel"} type */
  #leavePage(type) {
    if (this.#onPage === null) return;
    this.#moves.cancel();
    this.#move();
    this.#onPage = null;
    this.#send?.({ kind: "touch", type, touches: [] });
  }

  /** @param {"start" | "move"} type */
  #touch(type) {
    const at = this.#onPage === null ? undefined : this.#fingers.get(this.#onPage);
    if (!at) return;
    const [x, y] = this.#toViewport(at.x, at.y);
    this.#send?.({ kind: "touch", type, touches: [{ id: 0, x, y }] });
  }
}

/**
 * @param {Point} a
 * @param {Point} b
 */
function distance(a, b) {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
