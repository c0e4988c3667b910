import { element } from "./element.js";
import { icon } from "./icon.js";

/** Door is what people see before they are in the call: joining, waiting to be let in, or why they cannot join and what to do. */
export class Door {
  #card = element("div", { class: "card door-card" });
  root = element("div", { class: "door" }, this.#card);

  /** joining: the link is being looked at. */
  joining() {
    this.#fill("status", element("span", { class: "spinner" }), element("p", {}, "Joining the call…"));
  }

  /**
   * waiting: somebody in the call must let this participant in.
   * @param {string} title of the call
   */
  waiting(title) {
    this.#fill("status", element("span", { class: "spinner" }), element("h1", {}, "Waiting to be let in"), element("p", {}, title ? `You will join “${title}” as soon as the host lets you in.` : "You will join as soon as the host lets you in."), element("p", { class: "muted small" }, "Keep this page open. There is nothing else to do."));
  }

  /**
   * closed: it cannot be, and why.
   * @param {string} message
   * @param {string} hint
   * @param {(() => void) | null} [retry]
   */
  closed(message, hint, retry = null) {
    this.#fill("alert", icon("alert"), element("h1", {}, message), element("p", {}, hint), retry && element("button", { type: "button", class: "button primary", onclick: retry }, "Try again"));
  }

  /** open: the participant is in. */
  open() {
    this.root.hidden = true;
  }

  /**
   * @param {"status" | "alert"} role
   * @param {...(Element | null)} children
   */
  #fill(role, ...children) {
    this.root.hidden = false;
    this.#card.setAttribute("role", role);
    const words = children.map((c) => c?.textContent ?? "").join();
    if (words !== this.#card.textContent) this.#card.replaceChildren(...children.filter((c) => c !== null));
  }
}
