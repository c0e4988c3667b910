import { colourOf, element, setAttribute, setText } from "./element.js";
import { icon } from "./icon.js";

/** @typedef {import("./wire.js").Participant} Participant */

/**
 * initialsOf returns one or two letters that stand for a name.
 * @param {string} name
 */
export function initialsOf(name) {
  const words = name.trim().split(/\s+/u).filter((w) => /[\p{L}\p{N}]/u.test(w));
  const letters = [words[0], words.length > 1 ? words.at(-1) : ""].map((w) => [...(w ?? "").replace(/^[^\p{L}\p{N}]+/u, "")][0] ?? "");
  return letters.join("").toLocaleUpperCase() || "?";
}

/** Participants is the tiles of who is in the call. A tile stays the same element while its participant is there. */
export class Participants {
  root = element("ul", { class: "tiles", role: "list", "aria-label": "Participants" });
  /** @type {Map<string, HTMLElement>} */
  #tiles = new Map();

  /**
   * show shows these participants, with the role that each has in a session.
   * @param {readonly Participant[]} participants
   * @param {string} you id
   * @param {string} navigator id, or ""
   */
  show(participants, you, navigator) {
    const ids = new Set(participants.map((p) => p.id));
    for (const [id, tile] of this.#tiles) {
      if (ids.has(id)) continue;
      tile.remove();
      this.#tiles.delete(id);
    }
    for (const [at, p] of participants.entries()) {
      let tile = this.#tiles.get(p.id);
      if (!tile) {
        tile = this.#make(p);
        this.#tiles.set(p.id, tile);
      }
      if (this.root.children[at] !== tile) this.root.insertBefore(tile, this.root.children[at] ?? null);
      this.#fill(tile, p, p.id === you, p.id === navigator);
    }
    this.root.setAttribute("data-count", String(Math.min(participants.length, 9)));
  }

  /** @param {Participant} p */
  #make(p) {
    const avatar = element("span", { class: "avatar", "aria-hidden": "true" });
    avatar.style.setProperty("--colour", colourOf(p.colour));
    const name = element("span", { class: "tile-name" }, element("span", { class: "tile-text truncate" }), element("span", { class: "tile-note" }));
    const role = element("span", { class: "tile-role", hidden: true }, icon("steer"), element("span", {}, "Navigator"));
    return element("li", { class: "tile" }, avatar, role, name);
  }

  /** @param {HTMLElement} tile @param {Participant} p @param {boolean} you @param {boolean} navigates */
  #fill(tile, p, you, navigates) {
    const [avatar, role, text, note] = [".avatar", ".tile-role", ".tile-text", ".tile-note"].map((s) => /** @type {HTMLElement} */ (tile.querySelector(s)));
    if (!avatar || !role || !text || !note) return;
    setText(avatar, initialsOf(p.name));
    setText(text, p.name);
    setAttribute(text, "title", p.name);
    setText(note, [you && "you", !p.connected && "not connected"].filter(Boolean).map((w) => ` (${w})`).join(""));
    role.hidden = !navigates;
    tile.classList.toggle("navigates", navigates);
    tile.classList.toggle("away", !p.connected);
  }
}
