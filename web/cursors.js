import { colourOf, element, setText } from "./element.js";
import { icon } from "./icon.js";

/** @typedef {import("./wire.js").Participant} Participant */

/** Cursors shows where others point: the navigator's cursor, and each marker's laser. */
export class Cursors {
  #labels;
  #participant;
  /** @type {HTMLElement | null} */
  #cursor = null;
  /** @type {Map<string, HTMLElement>} */
  #lasers = new Map();

  /**
   * @param {import("./labels.js").Labels} labels
   * @param {(id: string) => Participant | undefined} participant
   */
  constructor(labels, participant) {
    this.#labels = labels;
    this.#participant = participant;
  }

  /**
   * cursor shows the navigator's cursor, at a point of the viewport.
   * @param {string} navigator
   * @param {{x: number, y: number, on: boolean}} at
   */
  cursor(navigator, { x, y, on }) {
    if (!on || !navigator) return this.hideCursor();
    if (!this.#cursor) {
      this.#cursor = element("div", { class: "bn-cursor" }, icon("steer"), element("span", { class: "bn-name" }));
      this.#labels.add(this.#cursor);
    }
    this.#name(this.#cursor, navigator);
    this.#labels.place(this.#cursor, x, y, false);
  }

  hideCursor() {
    if (this.#cursor) this.#labels.remove(this.#cursor);
    this.#cursor = null;
  }

  /**
   * laser shows a participant's laser, at a point of the page.
   * @param {string} participant
   * @param {{x: number, y: number, on: boolean}} at
   * @param {boolean} [own] one's own needs no name
   */
  laser(participant, { x, y, on }, own = false) {
    let laser = this.#lasers.get(participant);
    if (!on) {
      if (laser) this.#labels.remove(laser);
      this.#lasers.delete(participant);
      return;
    }
    if (!laser) {
      laser = element("div", { class: "bn-laser" }, !own && element("span", { class: "bn-name" }));
      this.#lasers.set(participant, laser);
      this.#labels.add(laser);
    }
    this.#name(laser, participant);
    this.#labels.place(laser, x, y, true);
  }

  /**
   * keep hides the lasers of all but these participants.
   * @param {readonly Participant[]} participants
   */
  keep(participants) {
    for (const id of [...this.#lasers.keys()]) if (!participants.some((p) => p.id === id && p.connected)) this.laser(id, { x: 0, y: 0, on: false });
  }

  clear() {
    this.hideCursor();
    this.keep([]);
  }

  /**
   * @param {HTMLElement} label
   * @param {string} id
   */
  #name(label, id) {
    const participant = this.#participant(id);
    label.style.setProperty("--colour", colourOf(participant?.colour));
    const name = label.querySelector(".bn-name");
    if (name) setText(name, participant?.name ?? "");
  }
}
