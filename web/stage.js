import { element, setText } from "./element.js";
import { Labels } from "./labels.js";
import { toViewport, Zoom } from "./zoom.js";

const SVG = "http://www.w3.org/2000/svg";

/**
 * Stage is the picture and what lies over it, fitted into the room that the viewer has. It knows nothing of sockets and roles.
 *
 *	stage > scroller > sheet (as large as the shared viewport is shown) > canvas, strokes, labels, surface
 *	      > veil (what is going on while there is no live picture)
 */
export class Stage {
  zoom = new Zoom();
  viewport = { width: 1280, height: 800 };
  scroll = { x: 0, y: 0 };
  /** The surface is filled by surface.js. */
  surface = element("div", { class: "bn-surface", role: "application", "aria-label": "Shared page", "aria-roledescription": "shared web page", tabindex: "0" });
  strokes = document.createElementNS(SVG, "g");
  canvas = element("canvas", { class: "bn-canvas", "aria-hidden": "true" });
  #svg = document.createElementNS(SVG, "svg");
  #labelLayer = element("div", { class: "bn-labels", "aria-hidden": "true" });
  #sheet;
  #scroller;
  #veilText = element("p");
  #veil = element("div", { class: "bn-veil", hidden: true }, element("span", { class: "spinner" }), this.#veilText);
  #context = this.canvas.getContext("2d", { alpha: false });
  labels = new Labels(this.#labelLayer);
  root;
  /** Called when the scale changed. */
  onscale = () => {};

  constructor() {
    this.#svg.setAttribute("class", "bn-strokes");
    this.#svg.setAttribute("aria-hidden", "true");
    this.#svg.append(this.strokes);
    this.#sheet = element("div", { class: "bn-sheet" }, this.canvas, this.#svg, this.#labelLayer, this.surface);
    this.#scroller = element("div", { class: "bn-scroller" }, this.#sheet);
    this.root = element("div", { class: "bn-stage" }, this.#scroller, this.#veil);
    new ResizeObserver(() => this.layout()).observe(this.root);
    this.layout();
  }

  /** The scale at which the shared viewport is shown. */
  get scale() {
    return this.zoom.scale(this.viewport, { width: this.root.clientWidth, height: this.root.clientHeight });
  }

  /** layout fits the sheet into the stage. */
  layout() {
    const scale = this.scale;
    this.#sheet.style.width = Math.floor(this.viewport.width * scale) + "px";
    this.#sheet.style.height = Math.floor(this.viewport.height * scale) + "px";
    this.#scroller.classList.toggle("bn-zoomed", this.zoom.fixed > 0);
    this.#svg.setAttribute("viewBox", `0 0 ${this.viewport.width} ${this.viewport.height}`);
    this.#setView();
    this.onscale();
  }

  /**
   * resize tells the size of the shared viewport.
   * @param {number} width
   * @param {number} height
   */
  resize(width, height) {
    if (!(width > 0 && height > 0) || (width === this.viewport.width && height === this.viewport.height)) return;
    this.viewport = { width, height };
    this.layout();
  }

  /**
   * draw puts a picture on the canvas; marks move with it.
   * @param {ImageBitmap} bitmap
   * @param {import("./picture.js").Picture} picture
   */
  draw(bitmap, picture) {
    if (this.canvas.width !== bitmap.width || this.canvas.height !== bitmap.height) {
      this.canvas.width = bitmap.width;
      this.canvas.height = bitmap.height;
    }
    this.#context?.drawImage(bitmap, 0, 0);
    this.scroll = { x: picture.scrollX, y: picture.scrollY };
    this.#setView();
  }

  /** clear takes the picture away: the session is over. */
  clear() {
    this.canvas.width = 1;
    this.canvas.height = 1;
    this.scroll = { x: 0, y: 0 };
    this.#setView();
  }

  /**
   * veil tells over the picture what is going on; "" lifts it.
   * @param {string} text
   */
  veil(text) {
    this.#veil.hidden = text === "";
    setText(this.#veilText, text);
  }

  /**
   * toViewport maps a point of the screen to the shared viewport.
   * @param {number} clientX
   * @param {number} clientY
   */
  toViewport(clientX, clientY) {
    return toViewport(clientX, clientY, this.#sheet.getBoundingClientRect(), this.viewport);
  }

  /**
   * zoomTo sets a fixed scale and keeps the point of the screen where it is.
   * @param {number} scale
   * @param {number} [clientX]
   * @param {number} [clientY]
   */
  zoomTo(scale, clientX, clientY) {
    const box = this.root.getBoundingClientRect();
    const [cx, cy] = [clientX ?? box.left + box.width / 2, clientY ?? box.top + box.height / 2];
    const [x, y] = this.toViewport(cx, cy);
    this.zoom.set(scale);
    this.layout();
    const sheet = this.#sheet.getBoundingClientRect();
    this.#scroller.scrollBy(sheet.left + (x / this.viewport.width) * sheet.width - cx, sheet.top + (y / this.viewport.height) * sheet.height - cy);
  }

  /**
   * pan moves the participant's own view; false when all of the page is in sight.
   * @param {number} dx
   * @param {number} dy
   */
  pan(dx, dy) {
    const s = this.#scroller;
    if (s.scrollWidth <= s.clientWidth && s.scrollHeight <= s.clientHeight) return false;
    s.scrollBy(-dx, -dy);
    return true;
  }

  #setView() {
    this.strokes.setAttribute("transform", `translate(${-this.scroll.x} ${-this.scroll.y})`);
    this.labels.setView(this.viewport, this.scroll);
  }
}
