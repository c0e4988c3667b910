import { problem } from "./console.js";
import { element } from "./element.js";

/**
 * @typedef {{field: string, code: string, message: string}} FieldFault
 * @typedef {import("./request.js").Failure & {fields?: FieldFault[]}} Refusal
 */

/** Which field an error without fields is about. */
/** @type {Record<string, string>} */
const fieldOf = { name_taken: "name" };

/**
 * faultsOf tells what the server says about fields that a form has, as sentences, and whether that is all it says.
 * @param {Refusal} refusal
 * @param {(field: string) => boolean} has
 */
export function faultsOf(refusal, has) {
  const about = fieldOf[refusal.code];
  const all = refusal.fields?.length ? refusal.fields : about ? [{ field: about, code: refusal.code, message: [refusal.message, refusal.hint].filter(Boolean).join(" ") }] : [];
  const known = all.filter((f) => has(f.field)).map((f) => ({ field: f.field, words: sentence(f.message) }));
  const others = all.filter((f) => !has(f.field)).map((f) => `${f.field} ${f.message}`.trim());
  return { known, rest: all.length === 0 ? refusal.message : others.join("; ") };
}

/** @param {string} text */
function sentence(text) {
  const whole = text.slice(0, 1).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(whole) ? whole : whole + ".";
}

/**
 * clearFaults takes the words away that showFaults put into a form.
 * @param {HTMLFormElement} form
 */
export function clearFaults(form) {
  for (const error of form.querySelectorAll(".error")) error.remove();
  for (const control of form.querySelectorAll("[aria-invalid]")) {
    control.removeAttribute("aria-invalid");
    const before = control.getAttribute("data-described");
    if (before) control.setAttribute("aria-describedby", before);
    else control.removeAttribute("aria-describedby");
  }
}

/**
 * showFaults says at each field what is wrong with it, and the rest in place. The first field that is wrong gets the focus.
 * A field is the element with data-field: a single control's wrapper, or a fieldset.
 * @param {HTMLFormElement} form
 * @param {HTMLElement} place
 * @param {Refusal} refusal
 */
export function showFaults(form, place, refusal) {
  const at = (/** @type {string} */ field) => /** @type {HTMLElement | null} */ (form.querySelector(`[data-field="${CSS.escape(field)}"]`));
  const { known, rest } = faultsOf(refusal, (field) => at(field) !== null);
  for (const { field, words } of known) {
    const box = /** @type {HTMLElement} */ (at(field));
    const id = `fault-${field}`;
    box.append(element("p", { class: "error", id }, words));
    for (const control of box.querySelectorAll("input, select")) {
      const described = control.getAttribute("data-described") ?? control.getAttribute("aria-describedby") ?? "";
      control.setAttribute("data-described", described);
      control.setAttribute("aria-invalid", "true");
      control.setAttribute("aria-describedby", `${id} ${described}`.trim());
    }
  }
  if (rest) place.replaceChildren(problem(Object.assign(refusal, { message: sentence(rest) })));
  const first = /** @type {HTMLElement | null} */ (form.querySelector("input[aria-invalid]"));
  first?.focus();
}
