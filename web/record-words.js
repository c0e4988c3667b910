import { element } from "./element.js";

// A line of the co-browse log, in words.

/** @type {Record<string, (r: any) => string>} */
const kinds = {
  opened: () => "Co-browsing began",
  joined: () => "Joined",
  left: () => "Left",
  took_over: () => "Took over as navigator",
  no_navigator: () => "Nobody navigates",
  navigated: (r) => "The page is now " + (r.page?.title || r.page?.address || ""),
  blocked: (r) => `Blocked: ${r.page?.address ?? ""} (${(r.detail?.reason ?? "").replaceAll("_", " ")})`,
  dialog_opened: (r) => `The page asked (${r.detail?.type ?? "dialog"}): ${r.message ?? ""}`,
  dialog_answered: (r) => `Answered: ${r.detail?.answer ?? ""}${r.length === undefined ? "" : `, ${characters(r.length)}`}`,
  marks_cleared: () => "Cleared the marks",
  frozen: (r) => "Input was stopped: " + (r.detail?.reason ?? ""),
  recovered: () => "Chrome was lost, and the page came back",
  interrupted: () => "The server ended without closing this log",
  stopped: (r) => "Co-browsing ended: " + (r.detail?.reason ?? ""),
};

/** @type {Record<string, (r: any) => string>} */
const actions = {
  text_entered: (r) => (r.partial ? "Types" : "Entered text") + (r.length === undefined ? (r.element?.secret ? " (secret: nothing is recorded of it)" : "") : ` (${characters(r.length)})`),
  cleared: () => "Emptied the field",
  checked: () => "Checked",
  unchecked: () => "Unchecked",
  option_chosen: (r) => "Chose " + ((r.options ?? []).map((/** @type {string} */ o) => `“${o}”`).join(", ") || "an option"),
  value_chosen: () => "Chose a value",
  file_chosen: (r) => "Chose " + ((r.files ?? []).map((/** @type {any} */ f) => `${f.name} (${f.bytes} bytes)`).join(", ") || "no file"),
  pressed: () => "Pressed",
  submitted: (r) => "Submitted the form" + (r.detail?.submitter ? ` with “${r.detail.submitter}”` : ""),
  rejected: (r) => "Rejected by validation: " + (r.message || "no message"),
  reset: () => "Reset the form",
};

/**
 * happened says what a record is about.
 * @param {any} r
 * @returns {string}
 */
export function happened(r) {
  const say = r.kind === "form" ? actions[r.action] : kinds[r.kind];
  return say ? say(r) : (r.action || r.kind).replaceAll("_", " ");
}

/**
 * elementInWords names a control as a person and as a developer would.
 * @param {any} e
 * @returns {Node[]}
 */
export function elementInWords(e) {
  if (!e) return [];
  const codes = [e.type, e.id && "#" + e.id, e.field && `name=${e.field}`].filter(Boolean).join(" ");
  return [element("span", {}, e.name || e.label || e.field || e.id || "without a name"), element("div", { class: "small muted" }, element("code", {}, codes))];
}

/** @param {number} n */
function characters(n) {
  return n === 1 ? "1 character" : `${n} characters`;
}
