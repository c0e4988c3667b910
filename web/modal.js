import { doing } from "./console.js";
import { element } from "./element.js";

/**
 * openModal shows a dialog over the page until it is closed. Then closed is called: it puts the focus where it belongs, and
 * says what was done, for what a page says behind an open dialog is not read aloud.
 * @param {HTMLDialogElement} dialog
 * @param {() => void} closed
 */
export function openModal(dialog, closed) {
  dialog.addEventListener("cancel", (e) => {
    if (dialog.querySelector("[aria-disabled=true]")) e.preventDefault(); // its answer is still to come
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    closed();
  });
  document.body.append(dialog);
  dialog.showModal();
}

/**
 * askFirst asks before something is done that cannot be undone. Its safe answer has the focus.
 * @param {{title: string, text: string, yes: string, no: string}} words
 * @param {() => void} closed as for openModal
 * @param {() => Promise<void>} work
 */
export function askFirst(words, closed, work) {
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
  openModal(dialog, closed);
}
