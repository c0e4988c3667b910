import { colourOf, element } from "./element.js";
import { FADE_AFTER, FADE_TIME, pathOf } from "./strokes.js";

const SVG = "http://www.w3.org/2000/svg";

/**
 * @typedef {object} Drawn a stroke on the screen
 * @property {import("./wire.js").Stroke} stroke
 * @property {[number, number][]} points
 * @property {SVGGElement} group
 * @property {HTMLElement} label
 * @property {number} timer
 */

/**
 * Marks draws all strokes over the picture. The drawing's unit is a CSS pixel of the shared viewport, and its one group moves with the
 * picture's scroll offset, so a mark stays where it was drawn on the page.
 */
export class Marks {
  /** Ids of the strokes that were drawn here: the server's echo of them is not drawn again. */
  own = new Set();
  /** Ids of the strokes that have faded here already; the server forgets them at about the same time. */
  #faded = new Set();
  /** @type {Map<string, Drawn>} */
  #drawn = new Map();
  #layer;
  #labels;
  #nameOf;

  /**
   * @param {SVGGElement} layer
   * @param {import("./labels.js").Labels} labels
   * @param {(participant: string) => string} nameOf
   */
  constructor(layer, labels, nameOf) {
    this.#layer = layer;
    this.#labels = labels;
    this.#nameOf = nameOf;
  }

  /**
   * set makes these strokes all that there are, but keeps the one that is being drawn here.
   * @param {readonly import("./wire.js").Stroke[]} strokes
   * @param {string} [keep] id
   */
  set(strokes, keep) {
    const ids = new Set(strokes.map((s) => s.id));
    for (const id of [...this.#drawn.keys()]) if (!ids.has(id) && id !== keep) this.#remove(id);
    for (const stroke of strokes) {
      const drawn = this.#drawn.get(stroke.id);
      const points = stroke.points ?? [];
      if (stroke.id === keep || this.#faded.has(stroke.id) || (drawn && drawn.points.length === points.length && !stroke.done === !drawn.stroke.done)) continue;
      if (drawn) drawn.points.length = 0;
      this.append(stroke);
    }
  }

  /**
   * append adds a stroke's points, to the one of the same id if there is one.
   * @param {import("./wire.js").Stroke} stroke
   */
  append(stroke) {
    let drawn = this.#drawn.get(stroke.id);
    if (!drawn) {
      drawn = this.#make(stroke);
      this.#drawn.set(stroke.id, drawn);
    }
    drawn.stroke = stroke;
    for (const point of stroke.points ?? []) drawn.points.push(point);
    const path = pathOf(drawn.points);
    for (const line of drawn.group.children) line.setAttribute("d", path);
    const [x, y] = drawn.points[0] ?? [0, 0];
    this.#labels.place(drawn.label, x, y, true);
    if (stroke.done && stroke.fade && !drawn.timer) drawn.timer = setTimeout(() => this.#fade(stroke.id), FADE_AFTER);
  }

  /** clear takes all marks away. */
  clear() {
    for (const id of [...this.#drawn.keys()]) this.#remove(id);
  }

  /** @param {import("./wire.js").Stroke} stroke */
  #make(stroke) {
    const group = document.createElementNS(SVG, "g");
    const colour = colourOf(stroke.colour);
    for (const kind of ["halo", "line"]) {
      const line = document.createElementNS(SVG, "path");
      line.setAttribute("class", "bn-stroke-" + kind);
      if (kind === "line") line.setAttribute("stroke", colour);
      group.append(line);
    }
    this.#layer.append(group);
    const label = element("span", { class: "bn-label" }, this.#nameOf(stroke.participant));
    label.style.setProperty("--colour", colour);
    this.#labels.add(label);
    return { stroke, points: [], group, label, timer: 0 };
  }

  /** @param {string} id */
  #fade(id) {
    const drawn = this.#drawn.get(id);
    if (!drawn) return;
    drawn.group.classList.add("bn-fading");
    drawn.label.classList.add("bn-fading");
    drawn.timer = setTimeout(() => {
      this.#faded.add(id);
      this.#remove(id);
    }, FADE_TIME);
  }

  /** @param {string} id */
  #remove(id) {
    const drawn = this.#drawn.get(id);
    if (!drawn) return;
    clearTimeout(drawn.timer);
    drawn.group.remove();
    this.#labels.remove(drawn.label);
    this.#drawn.delete(id);
  }
}
