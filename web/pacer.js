/** Pacer runs a flush at most once per interval: at once when the last is long enough ago, else with a later animation frame. */
export class Pacer {
  #interval;
  #flush;
  #last = -Infinity;
  #request = 0;

  /**
   * @param {number} interval ms
   * @param {() => void} flush
   */
  constructor(interval, flush) {
    this.#interval = interval;
    this.#flush = flush;
  }

  /** ask wants a flush soon. */
  ask() {
    if (this.#request) return;
    if (performance.now() - this.#last >= this.#interval) this.now();
    else this.#wait();
  }

  /** now flushes without waiting. */
  now() {
    this.cancel();
    this.#last = performance.now();
    this.#flush();
  }

  /** cancel forgets a flush that was asked for. */
  cancel() {
    cancelAnimationFrame(this.#request);
    this.#request = 0;
  }

  #wait() {
    this.#request = requestAnimationFrame(() => {
      this.#request = 0;
      if (performance.now() - this.#last >= this.#interval - 1) this.now();
      else this.#wait();
    });
  }
}
