import { element } from "./element.js";
import { Keyboard } from "./keyboard.js";
import { isMac } from "./keys.js";
import { Pointer } from "./pointer.js";
import { Touch } from "./touch.js";

/**
 * @typedef {object} SurfaceHandler
 * @property {(m: import("./wire.js").InputMessage) => void} input
 * @property {() => void} leave the keyboard's way out was taken
 * @property {(where: "back" | "forward" | "reload") => void} go
 * @property {(text: string) => void} tell
 */

const KEYS = "Press F6 to leave the page.";

/**
 * Surface is where hands meet the shared page. For the navigator everything goes to the page; for an observer nothing does but what
 * the marker makes of it.
 */
export class Surface {
  #stage;
  #marker;
  #navigating = false;
  #area = element("textarea", {
    class: "bn-typing", "aria-label": "Shared page, keyboard", tabindex: "-1", inputmode: "none", autocomplete: "off", autocorrect: "off", autocapitalize: "off", spellcheck: "false", rows: "1",
  });
  #help = element("span", { class: "bn-help" });
  #pointer;
  #touch;
  #watchTouch;
  #keyboard;

  /**
   * @param {import("./stage.js").Stage} stage
   * @param {import("./marker.js").Marker} marker
   * @param {SurfaceHandler} handler
   */
  constructor(stage, marker, handler) {
    this.#stage = stage;
    this.#marker = marker;
    const mac = isMac(navigator);
    const toViewport = stage.toViewport.bind(stage);
    const view = { pan: stage.pan.bind(stage), pinch: (/** @type {number} */ factor, /** @type {number} */ x, /** @type {number} */ y) => stage.zoomTo(stage.scale * factor, x, y) };
    this.#pointer = new Pointer(handler.input, toViewport, mac);
    const scroll = (/** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ dx, /** @type {number} */ dy) => this.#pointer.scroll(x, y, dx / stage.scale, dy / stage.scale);
    this.#touch = new Touch(handler.input, toViewport, view, scroll);
    this.#watchTouch = new Touch(null, toViewport, view, scroll);
    this.#keyboard = new Keyboard(this.#area, mac, { send: handler.input, leave: handler.leave, go: handler.go, tell: handler.tell });

    const surface = stage.surface;
    surface.append(this.#area, this.#help);
    for (const type of /** @type {const} */ (["pointerdown", "pointermove", "pointerup", "pointercancel", "pointerleave"])) surface.addEventListener(type, (e) => this.#event(e));
    surface.addEventListener("wheel", (e) => this.#wheel(e), { passive: false });
    // The press itself must not move focus, select text, start a drag, scroll or open this browser's own menu.
    for (const type of ["mousedown", "mouseup", "auxclick", "contextmenu", "dragstart", "touchstart"]) surface.addEventListener(type, (e) => this.#own(e), { passive: false });
    surface.addEventListener("focus", () => this.#navigating && this.focus());
    surface.addEventListener("keydown", (e) => {
      if (e.target !== surface) return;
      if (e.key === "F6") handler.leave();
      else if (this.#navigating || !this.#marker.key(e)) return;
      e.preventDefault();
    });
    surface.addEventListener("blur", () => this.release(), true);
    addEventListener("blur", () => this.release());
    this.setNavigating(false);
  }

  /**
   * setNavigating says whose hands these are. What was held is dropped: the server lets go of it with the turn.
   * @param {boolean} on
   */
  setNavigating(on) {
    const focused = this.#stage.surface.contains(document.activeElement);
    if (on !== this.#navigating) {
      this.#pointer.forget();
      this.#keyboard.forget();
      this.#touch.release();
      this.#watchTouch.release();
    }
    this.#navigating = on;
    this.#area.disabled = !on;
    this.showMarker();
    if (focused) this.focus();
  }

  /** showMarker fits the cursor and the help to what a press would do. */
  showMarker() {
    const { surface } = this.#stage;
    surface.classList.toggle("bn-navigating", this.#navigating);
    surface.classList.toggle("bn-marking", !this.#navigating && this.#marker.on);
    const help = this.#navigating ? "You navigate: what you type and click goes to the page. " + KEYS : this.#marker.on ? "Marker: drag to draw. With the keyboard, arrow keys point and Enter draws a ring. " + KEYS : "You are watching. " + KEYS;
    surface.setAttribute("aria-description", help);
    this.#help.textContent = this.#navigating || this.#marker.on ? KEYS : "";
    this.#help.setAttribute("aria-hidden", "true");
  }

  /** focus puts the keyboard on the page. */
  focus() {
    (this.#navigating ? this.#area : this.#stage.surface).focus({ preventScroll: true });
  }

  /** softKeyboard opens or closes the keyboard of a touch screen. It must be called by a press. */
  softKeyboard() {
    const open = this.#area.inputMode !== "text";
    this.#area.blur();
    this.#area.inputMode = open ? "text" : "none";
    this.focus();
    return open;
  }

  /** release lets go of all that is held. */
  release() {
    if (!this.#navigating) return;
    this.#pointer.release();
    this.#keyboard.release();
    this.#touch.release();
  }

  /** @param {PointerEvent} e */
  #event(e) {
    const { surface } = this.#stage;
    if (e.type === "pointerdown") {
      if (e.isTrusted) surface.setPointerCapture(e.pointerId);
      if (e.pointerType !== "touch") e.preventDefault();
      if (!surface.contains(document.activeElement) || this.#navigating) this.focus();
    }
    if (e.type === "pointerleave" && !this.#marker.on) return;
    const marking = !this.#navigating && this.#marker.on;
    if (e.pointerType === "touch") {
      if (this.#navigating) this.#touch.event(e);
      else if (!marking) this.#watchTouch.event(e);
    } else if (this.#navigating) {
      this.#pointer.event(e);
    }
    if (this.#navigating) this.#placeArea(e);
    if (marking && (e.isPrimary || e.type !== "pointerdown")) this.#marker.event(e);
  }

  /** @param {WheelEvent} e */
  #wheel(e) {
    if (e.ctrlKey) {
      // A pinch on a touch pad: the participant's own view.
      e.preventDefault();
      this.#stage.zoomTo(this.#stage.scale * Math.exp(-e.deltaY * 0.01), e.clientX, e.clientY);
    } else if (this.#navigating) {
      e.preventDefault();
      this.#pointer.wheel(e, this.#stage.viewport);
    }
  }

  /** @param {Event} e */
  #own(e) {
    if (this.#navigating || this.#marker.on || e.type === "touchstart") e.preventDefault();
  }

  /**
   * The text area follows the presses, so that an input method's own window opens where the text is.
   * @param {PointerEvent} e
   */
  #placeArea(e) {
    if (e.type !== "pointerdown") return;
    const box = this.#stage.surface.getBoundingClientRect();
    this.#area.style.left = Math.max(0, Math.min(box.width - 20, e.clientX - box.left)) + "px";
    this.#area.style.top = Math.max(0, Math.min(box.height - 24, e.clientY - box.top)) + "px";
  }
}
