/**
 * Typing finds the records of single keystrokes that a later record replaces: the same person, in the same turn, went on in
 * the same control. What nothing replaces is all that the log knows of that text, and must be seen.
 */
export class Typing {
  /** @type {Map<string, number>} seq of the newest keystroke's record, by person and control */
  #open = new Map();

  /**
   * replaced takes the next record and returns the seq of the keystroke's record that it replaces, or 0.
   * @param {any} r
   * @returns {number}
   */
  replaced(r) {
    if (r.kind === "navigated" || r.kind === "recovered") this.#open.clear(); // what was typed there is gone or sent
    if (r.kind !== "form" || (r.action !== "text_entered" && r.action !== "cleared")) return 0;
    const key = JSON.stringify([r.by?.id, r.turn, r.frame?.address, r.element]);
    const before = this.#open.get(key) ?? 0;
    if (r.partial) this.#open.set(key, r.seq);
    else this.#open.delete(key);
    return before;
  }
}
