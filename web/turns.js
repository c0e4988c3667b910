/**
 * @typedef {{id: string, name: string, client?: string}} Person
 * @typedef {object} Band a time in which the same person was in control
 * @property {number} turn
 * @property {Person | null} navigator null: nobody
 * @property {string} from when it began
 * @property {"start" | "opened" | "took_over" | "no_navigator" | "frozen"} why
 *
 * @typedef {object} Place of a record
 * @property {Band | null} begins the band that begins with this record
 * @property {boolean} late an input of an earlier turn whose effect came when somebody else was in control already
 */

/**
 * Turns tells for each record of a log, in order, who was in control. It goes by the records that change control, not by
 * who is named in the others: an input's effect may come after the next turn began.
 */
export class Turns {
  /** @type {Band | null} */
  #band = null;

  /**
   * place puts the next record into its band.
   * @param {any} r
   * @returns {Place}
   */
  place(r) {
    const begins = this.#next(r);
    if (begins) this.#band = begins;
    return { begins, late: !begins && r.kind === "form" && r.turn > 0 && r.turn < (this.#band?.turn ?? 0) };
  }

  /** @param {any} r @returns {Band | null} */
  #next(r) {
    switch (r.kind) {
      case "opened":
      case "took_over":
        return { turn: r.turn, navigator: r.by ?? null, from: r.time, why: r.kind };
      case "no_navigator":
      case "frozen":
        return { turn: r.turn, navigator: null, from: r.time, why: r.kind };
      default:
        return this.#band ? null : { turn: r.turn, navigator: null, from: r.time, why: "start" };
    }
  }
}

/**
 * bandTitle says who is in control.
 * @param {Band} band
 */
export function bandTitle(band) {
  if (band.navigator) return `${band.navigator.name} navigates`;
  return band.why === "start" ? "Before the first turn" : band.why === "frozen" ? "Input is stopped" : "Nobody navigates";
}
