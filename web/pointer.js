import { ClickCounter } from "./clicks.js";
import { pointerMods } from "./keys.js";
import { Pacer } from "./pacer.js";
import { round } from "./zoom.js";

/** @typedef {(m: import("./wire.js").InputMessage) => void} Send */
/** @typedef {(clientX: number, clientY: number) => [number, number]} ToViewport */

const MOVE_INTERVAL = 1000 / 60;
const LINE = 40; // CSS pixels that a wheel line scrolls

/** The bits of MouseEvent.buttons, in the order in which presses are sent. */
export const BUTTONS = /** @type {const} */ ([
  [1, "left", 0],
  [2, "right", 2],
  [4, "middle", 1],
  [8, "back", 3],
  [16, "forward", 4],
]);

/**
 * wheelPixels turns a wheel event's deltas into CSS pixels.
 * @param {{deltaX: number, deltaY: number, deltaMode: number, shiftKey: boolean}} e
 * @param {{width: number, height: number}} page what a "page" means
 * @returns {[number, number]}
 */
export function wheelPixels(e, page) {
  const [ux, uy] = e.deltaMode === 1 ? [LINE, LINE] : e.deltaMode === 2 ? [page.width * 0.9, page.height * 0.9] : [1, 1];
  return [e.deltaX * ux, e.deltaY * uy];
}

/** Pointer turns mouse and pen events of the navigator into inputs. What is held is told by one number, so chords work too. */
export class Pointer {
  #send;
  #toViewport;
  #mac;
  #clicks = new ClickCounter();
  #held = 0;
  /** @type {[number, number]} */
  #at = [0, 0];
  #mods = 0;
  #moved = false;
  #wheel = [0, 0];
  #moves = new Pacer(MOVE_INTERVAL, () => this.#flush());

  /**
   * @param {Send} send
   * @param {ToViewport} toViewport
   * @param {boolean} mac
   */
  constructor(send, toViewport, mac) {
    this.#send = send;
    this.#toViewport = toViewport;
    this.#mac = mac;
  }

  /**
   * event takes any pointer event of a mouse or pen.
   * @param {PointerEvent} e
   */
  event(e) {
    this.#at = this.#toViewport(e.clientX, e.clientY);
    this.#mods = pointerMods(e, this.#mac);
    const held = e.type === "pointercancel" ? 0 : e.buttons;
    if (held === this.#held) {
      this.#moved = true;
      this.#moves.ask();
      return;
    }
    this.#flush();
    for (const [bit, name, button] of BUTTONS) {
      if ((held & bit) === (this.#held & bit)) continue;
      const down = (held & bit) !== 0;
      this.#held = down ? this.#held | bit : this.#held & ~bit;
      const clicks = down ? this.#clicks.press({ button, x: e.clientX, y: e.clientY, time: e.timeStamp }) : this.#clicks.count;
      this.#mouse(down ? "down" : "up", { button: name, clicks });
    }
  }

  /**
   * wheel takes a wheel event; several in one frame become one input.
   * @param {WheelEvent} e
   * @param {{width: number, height: number}} page
   */
  wheel(e, page) {
    const [dx, dy] = wheelPixels(e, page);
    this.scroll(e.clientX, e.clientY, dx, dy, pointerMods(e, this.#mac));
  }

  /**
   * scroll asks the page to scroll by CSS pixels at a point of the screen.
   * @param {number} clientX
   * @param {number} clientY
   * @param {number} dx
   * @param {number} dy
   * @param {number} [mods]
   */
  scroll(clientX, clientY, dx, dy, mods = 0) {
    this.#at = this.#toViewport(clientX, clientY);
    this.#mods = mods;
    this.#wheel = [(this.#wheel[0] ?? 0) + dx, (this.#wheel[1] ?? 0) + dy];
    this.#moves.ask();
  }

  /** release lets go of every held button: focus or the turn was lost. */
  release() {
    this.#flush();
    for (const [bit, name] of BUTTONS) {
      if (!(this.#held & bit)) continue;
      this.#held &= ~bit;
      this.#mouse("up", { button: name, clicks: this.#clicks.count });
    }
  }

  /** forget drops what is held without a word: it is another's turn, who starts with nothing held. */
  forget() {
    this.#held = 0;
    this.#moved = false;
    this.#wheel = [0, 0];
    this.#moves.cancel();
  }

  #flush() {
    this.#moves.cancel();
    const [dx = 0, dy = 0] = this.#wheel;
    this.#wheel = [0, 0];
    if (this.#moved) this.#mouse("move", { button: BUTTONS.find(([bit]) => this.#held & bit)?.[1] });
    if (dx || dy) this.#send({ kind: "wheel", x: this.#at[0], y: this.#at[1], dx: round(dx), dy: round(dy), mods: this.#mods });
    this.#moved = false;
  }

  /**
   * @param {"move" | "down" | "up"} type
   * @param {{button?: string, clicks?: number}} more
   */
  #mouse(type, more) {
    this.#send({ kind: "mouse", type, x: this.#at[0], y: this.#at[1], buttons: this.#held, mods: this.#mods, ...more });
  }
}
