/** Labels puts small elements over the picture at points of the page, or of the viewport, and moves the former when the page scrolls. */
export class Labels {
  #layer;
  #viewport = { width: 1, height: 1 };
  #scroll = { x: 0, y: 0 };
  /** @type {Map<HTMLElement, {x: number, y: number, onPage: boolean}>} */
  #places = new Map();

  /** @param {HTMLElement} layer as large as the picture */
  constructor(layer) {
    this.#layer = layer;
  }

  /** @param {HTMLElement} label */
  add(label) {
    this.#layer.append(label);
  }

  /** @param {HTMLElement} label */
  remove(label) {
    this.#places.delete(label);
    label.remove();
  }

  /**
   * place puts a label at a point: CSS pixels of the page, or of the viewport.
   * @param {HTMLElement} label
   * @param {number} x
   * @param {number} y
   * @param {boolean} onPage
   */
  place(label, x, y, onPage) {
    const place = { x, y, onPage };
    this.#places.set(label, place);
    this.#put(label, place);
  }

  /**
   * setView tells what the picture shows.
   * @param {{width: number, height: number}} viewport
   * @param {{x: number, y: number}} scroll
   */
  setView(viewport, scroll) {
    const same = viewport.width === this.#viewport.width && viewport.height === this.#viewport.height && scroll.x === this.#scroll.x && scroll.y === this.#scroll.y;
    if (same) return;
    this.#viewport = { ...viewport };
    this.#scroll = { ...scroll };
    for (const [label, place] of this.#places) this.#put(label, place);
  }

  /**
   * @param {HTMLElement} label
   * @param {{x: number, y: number, onPage: boolean}} place
   */
  #put(label, { x, y, onPage }) {
    const [left, top] = onPage ? [x - this.#scroll.x, y - this.#scroll.y] : [x, y];
    const { width, height } = this.#viewport;
    label.style.left = (left / width) * 100 + "%";
    label.style.top = (top / height) * 100 + "%";
    // A name near an edge turns inward, so that it can be read; one outside the picture is out of sight.
    label.classList.toggle("bn-left", left > width * 0.85);
    label.classList.toggle("bn-above", top > height * 0.93);
    label.classList.toggle("bn-outside", left < 0 || top < 0 || left > width || top > height);
  }
}
