// A line of the co-browse log, in words.

/** @type {Record<string, (r: any, nameOf: (id: string) => string) => string>} */
const kinds = {
  opened: (r) => "Co-browsing began" + (r.detail?.preset_name ? `: ${r.detail.preset_name}` : "") + (r.detail?.sandbox === "off-insecure" ? " (Chrome ran WITHOUT its sandbox)" : ""),
  joined: () => "Joined",
  left: (r) => ({ disconnected: "Left: the connection was lost", removed: "Left: was taken out of the call" })[/** @type {string} */ (r.detail?.reason)] ?? "Left",
  took_over: (r, nameOf) => "Took over as navigator" + (r.detail?.from ? ` from ${nameOf(r.detail.from)}` : ""),
  no_navigator: () => "Is not the navigator any more; nobody is",
  navigated: (r) => "The page is now " + (r.page?.title || r.page?.address || ""),
  blocked: (r) => `Was kept from another address: ${blocks[r.detail?.reason] ?? (r.detail?.reason ?? "").replaceAll("_", " ")}`,
  dialog_opened: (r) => `Asked in a dialog (${r.detail?.type ?? "unknown"}): ${r.message ?? ""}`,
  dialog_answered: (r) => `Answered the dialog: ${r.detail?.answer ?? "unknown"}${r.length === undefined ? "" : `, ${characters(r.length)}`}`,
  marks_cleared: () => "Cleared the marks",
  frozen: (r) => "Input was stopped: " + (r.detail?.reason ?? ""),
  recovered: () => "Chrome was lost, and the page was loaded again",
  interrupted: () => "The server ended without closing this log",
  stopped: (r) => ending(r.detail?.reason ?? ""),
};

/** @type {Record<string, string>} */
const blocks = {
  off_preset: "the preset does not allow it", not_https: "it is not https", new_window: "it would have been a new window", other_scheme: "it is no web page",
  download: "it is a download", no_tag: "the page has no script tag", old_tag: "its script tag is too old", unreachable: "it cannot be reached",
  certificate: "its certificate is not valid", http_status: "the server answered with an error",
};

/** @type {Record<string, (r: any) => string>} */
const actions = {
  text_entered: (r) => (r.partial ? "Types" : "Entered text") + (r.length === undefined ? (r.element?.secret ? " (secret: not even its length is recorded)" : "") : ` (${characters(r.length)})`),
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
 * @param {(id: string) => string} [nameOf] a participant's name
 * @returns {string}
 */
export function happened(r, nameOf = (id) => id) {
  const say = r.kind === "form" ? actions[r.action] : kinds[r.kind];
  return say ? say(r, nameOf) : plain(r.action || r.kind);
}

/**
 * who says whose doing a record is: a participant's, the page's or the server's.
 * @param {any} r
 * @returns {string}
 */
export function who(r) {
  if (r.by) return r.by.name;
  if (r.kind === "form") return "the page’s script";
  return ["navigated", "blocked", "dialog_opened"].includes(r.kind) ? "the page" : "the server";
}

/**
 * ending says why a session ended.
 * @param {string} reason as in the log
 */
export function ending(reason) {
  /** @type {Record<string, string>} */
  const words = { "": "Co-browsing ended", stopped: "Stopped co-browsing", idle: "Co-browsing ended: nobody used the page", "time limit": "Co-browsing ended: time limit",
    interrupted: "The server ended without closing this log" };
  return words[reason] ?? "Co-browsing ended: " + reason;
}

/**
 * nameOfElement is what a person calls a control.
 * @param {any} e
 * @returns {string}
 */
export function nameOfElement(e) {
  return e.name || e.label || e.field || e.id || "without a name";
}

/**
 * codeOfElement is what a developer calls a control.
 * @param {any} e
 * @returns {string}
 */
export function codeOfElement(e) {
  return [e.role && e.role !== e.type ? `${e.type ?? ""}[role=${e.role}]` : e.type, e.id && "#" + e.id, e.field && `name=${e.field}`, e.form && `form=${e.form}`].filter(Boolean).join(" ");
}

/**
 * tally says how often what was done, most often first.
 * @param {Record<string, number>} counts by action
 */
export function tally(counts) {
  return Object.entries(counts).sort((a, b) => b[1] - a[1]).map(([action, n]) => `${n} ${plain(action)}`).join(" · ") || "none";
}

/** @param {string} code */
function plain(code) {
  return code.replaceAll("_", " ");
}

/** @param {number} n */
function characters(n) {
  return n === 1 ? "1 character" : `${n} characters`;
}
