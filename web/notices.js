import { element } from "./element.js";
import { icon } from "./icon.js";

const SHOWN = 3;
const SAME = 2500; // ms in which the same words are said once
const STAY = 7000;
const READ = 20000; // ms that words stay in the live regions

/**
 * Notices tells people what happened: to the eye as toasts, to the ear in live regions, in the same words. What went wrong stays until
 * it is dismissed.
 */
export class Notices {
  root;
  #polite = element("div", { class: "visually-hidden", role: "status", "aria-live": "polite" });
  #alerts = element("div", { class: "bn-alerts" });
  #toasts = element("div", { class: "toasts" });
  #lastText = "";
  #lastTime = 0;

  constructor() {
    this.root = element("div", { class: "bn-notices" }, this.#polite, this.#alerts, this.#toasts);
  }

  /**
   * say tells something. Errors are alerts.
   * @param {string} text
   * @param {string} [level] info, warning, error
   */
  say(text, level = "info") {
    if (!text) return;
    if (level === "error") return this.alert(text);
    const now = performance.now();
    if (text === this.#lastText && now - this.#lastTime < SAME) return;
    this.#lastText = text;
    this.#lastTime = now;
    const line = element("p", {}, text);
    this.#polite.append(line);
    setTimeout(() => line.remove(), READ);
    this.#toast(text, level);
  }

  /**
   * alert tells at once what went wrong and what to do.
   * @param {string} message
   * @param {string} [hint]
   */
  alert(message, hint = "") {
    for (const old of this.#alerts.querySelectorAll(".bn-alert")) if (old.querySelector("strong")?.textContent === message) old.remove();
    const close = element("button", { type: "button", class: "button quiet icon-only small", "aria-label": "Dismiss" }, icon("close"));
    const words = element("div", { role: "alert" }, element("strong", {}, message), hint && element("p", {}, hint));
    const box = element("div", { class: "bn-alert" }, icon("alert"), words, close);
    close.addEventListener("click", () => box.remove());
    this.#alerts.append(box);
    while (this.#alerts.childElementCount > SHOWN) this.#alerts.firstElementChild?.remove();
  }

  /** clearAlerts takes the alerts away: another try has begun. */
  clearAlerts() {
    this.#alerts.replaceChildren();
  }

  /**
   * @param {string} text
   * @param {string} level
   */
  #toast(text, level) {
    const close = element("button", { type: "button", class: "button quiet icon-only small", "aria-label": "Dismiss notice" }, icon("close"));
    const toast = element("div", { class: "toast " + (level === "warning" ? "warning" : "info") }, element("span", {}, text), close);
    close.addEventListener("click", () => toast.remove());
    this.#toasts.append(toast);
    while (this.#toasts.childElementCount > SHOWN) this.#toasts.firstElementChild?.remove();
    this.#expire(toast);
  }

  /**
   * A toast that is pointed at or has focus stays (WCAG 2.2.1, 1.4.13).
   * @param {HTMLElement} toast
   */
  #expire(toast) {
    setTimeout(() => (toast.matches(":hover, :focus-within") ? this.#expire(toast) : toast.remove()), STAY);
  }
}
