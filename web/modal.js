import { doing } from "./console.js";
import { element } from "./element.js";

/**
 * openModal shows a dialog over the page until it is closed. Then it is gone, and the focus is where back says.
 * @param {HTMLDialogElement} dialog
 * @param {() => HTMLElement | null | undefined} back
 */
export function openModal(dialog, back) {
  dialog.addEventListener("cancel", (e) => {
    if (dialog.querySelector("[aria-disabled=true]")) e.preventDefault(); // its answer is still to come
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    back()?.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
}

/**
 * askFirst asks before something is done that cannot be undone. Its safe answer has the focus.
 * @param {{title: string, text: string, yes: string, no: string}} words
 * @param {() => HTMLElement | null | undefined} back gets the focus afterwards
 * @param {() => Promise<void>} work
 */
export function askFirst(words, back, work) {
  const yes = element("button", { class: "button danger", type: "button" }, words.yes);
  const no = element("button", { class: "button", type: "button", autofocus: true }, words.no);
  const place = element("div");
  const dialog = element("dialog", { class: "dialog", role: "alertdialog", "aria-labelledby": "ask-title", "aria-describedby": "ask-text" },
    element("h2", { id: "ask-title" }, words.title), element("p", { id: "ask-text" }, words.text), place, element("div", { class: "actions" }, no, yes));
  no.addEventListener("click", () => dialog.close());
  yes.addEventListener("click", () => doing(yes, place, async () => {
    await work();
    dialog.close();
  }));
  openModal(dialog, back);
}
