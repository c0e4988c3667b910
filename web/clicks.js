const MAX_PAUSE = 500; // ms between two presses of a double click
const MAX_DISTANCE = 5; // CSS pixels of the screen

/** ClickCounter counts presses as a desktop does: 2 for a double, 3 for a triple click, then from 1 again. */
export class ClickCounter {
  #count = 0;
  #time = -Infinity;
  #x = 0;
  #y = 0;
  #button = -1;

  /**
   * press returns the count of this press.
   * @param {{button: number, x: number, y: number, time: number}} at
   */
  press({ button, x, y, time }) {
    const again = button === this.#button && time - this.#time <= MAX_PAUSE && Math.hypot(x - this.#x, y - this.#y) <= MAX_DISTANCE;
    this.#count = again && this.#count < 3 ? this.#count + 1 : 1;
    this.#time = time;
    this.#x = x;
    this.#y = y;
    this.#button = button;
    return this.#count;
  }

  /** The count of the last press, for its release. */
  get count() {
    return Math.max(1, this.#count);
  }
}
