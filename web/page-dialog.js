import { element, setText } from "./element.js";

/** @typedef {import("./wire.js").PageDialog} Dialog */

/** @type {Record<string, [string, string]>} */
const buttons = { alert: ["OK", ""], confirm: ["OK", "Cancel"], prompt: ["OK", "Cancel"], beforeunload: ["Leave", "Stay"] };

/**
 * titleOf says who asks what.
 * @param {Dialog} dialog
 */
export function titleOf(dialog) {
  if (dialog.type === "beforeunload") return "Leave the page?";
  const host = dialog.origin.replace(/^https?:\/\//, "");
  return host ? `${host} says` : "The page says";
}

/** DialogView shows the page's alert, confirm, prompt or beforeunload to all. Only the navigator can answer. */
export class DialogView {
  root = element("div", { class: "bn-dialog-room", hidden: true });
  #answer;
  #shown = "";
  /** @type {HTMLElement | null} */
  #waiting = null;

  /** @param {(id: number, accept: boolean, text: string) => void} answer */
  constructor(answer) {
    this.#answer = answer;
  }

  /** Whether a dialog is open. */
  get open() {
    return !this.root.hidden;
  }

  /**
   * show shows the dialog, or hides it when there is none.
   * @param {Dialog | null} dialog
   * @param {boolean} mine whether this participant navigates
   * @param {string} navigator name
   */
  show(dialog, mine, navigator) {
    const key = dialog ? `${dialog.id} ${mine}` : "";
    if (key === this.#shown) {
      if (this.#waiting) setText(this.#waiting, waitingFor(navigator));
      return;
    }
    this.#shown = key;
    this.#waiting = null;
    this.root.hidden = !dialog;
    this.root.replaceChildren();
    if (dialog) this.#build(dialog, mine, navigator);
  }

  /**
   * @param {Dialog} dialog
   * @param {boolean} mine
   * @param {string} navigator
   */
  #build(dialog, mine, navigator) {
    const title = element("h2", { id: "bn-dialog-title" }, titleOf(dialog));
    const message = element("p", { id: "bn-dialog-message", class: "bn-dialog-message", tabindex: "0" }, dialog.message || (dialog.type === "beforeunload" ? "Changes that you made may not be saved." : ""));
    if (dialog.message.length < 300) message.removeAttribute("tabindex");
    const box = element("form", { class: "bn-dialog", role: "alertdialog", "aria-labelledby": "bn-dialog-title", "aria-describedby": "bn-dialog-message" }, title, message);
    this.root.append(box);
    if (!mine) {
      this.#waiting = element("p", { class: "bn-dialog-waiting" }, waitingFor(navigator));
      box.append(this.#waiting);
      return;
    }
    const input = dialog.type === "prompt" ? element("input", { class: "input", "aria-labelledby": "bn-dialog-message", autocomplete: "off", maxlength: "8000" }) : null;
    if (input) {
      input.value = dialog.default ?? "";
      box.append(input);
    }
    const [yes, no] = buttons[dialog.type] ?? ["OK", "Cancel"];
    const accept = element("button", { class: "button primary", type: "submit" }, yes);
    const dismiss = no ? element("button", { class: "button", type: "button", onclick: () => this.#send(dialog.id, false, "") }, no) : null;
    box.append(element("div", { class: "bn-dialog-actions" }, dismiss, accept));
    box.addEventListener("submit", (e) => {
      e.preventDefault();
      this.#send(dialog.id, true, input?.value ?? "");
    });
    box.addEventListener("keydown", (e) => {
      if (e.key !== "Escape") return;
      e.preventDefault();
      this.#send(dialog.id, dialog.type === "alert", "");
    });
    (input ?? accept).focus();
    input?.select();
  }

  /**
   * @param {number} id
   * @param {boolean} accept
   * @param {string} text
   */
  #send(id, accept, text) {
    for (const control of this.root.querySelectorAll("button, input")) control.setAttribute("disabled", "");
    this.#answer(id, accept, text);
  }
}

/** @param {string} navigator */
function waitingFor(navigator) {
  return navigator ? `Waiting for ${navigator} to answer.` : "Waiting for somebody to take over as navigator and answer.";
}
