import { asFailure, busy, doing, problem } from "./console.js";
import { element, setText } from "./element.js";
import { icon } from "./icon.js";
import { askFirst } from "./modal.js";
import { date } from "./moment.js";
import { presetForm } from "./preset-form.js";

/**
 * @typedef {{code: string, message: string, hint: string}} Fault
 * @typedef {{at: string, ok: boolean, faults: Fault[], tagVersion: string}} Report
 * @typedef {{id: string, name: string, address: string, scope: string, width: number, height: number, scale: number, version: string, check: Report | null}} Preset
 */

/** @type {Record<string, string>} */
export const scopes = { exact: "this address alone", prefix: "this address and paths below it", origin: "the whole site" };

const AT_ONCE = 4; // checks that run at the same time

/** Presets lists the pages that may be co-browsed, each with its check. */
export class Presets {
  root;
  #api;
  #add = element("button", { class: "button primary", type: "button" }, "Add a preset");
  #checkAll = element("button", { class: "button", type: "button" }, "Check all");
  #list = element("ul", { class: "entries", "aria-labelledby": "presets-title" });
  #place = element("div");
  #said = element("p", { role: "status", class: "visually-hidden" });
  #empty = element("div", { class: "card empty", hidden: true }, element("h3", {}, "No page may be co-browsed yet"),
    element("p", {}, "Add the first one. Its name is what people choose in the call; its page must carry the script tag below."));
  /** @type {Map<string, {preset: Preset, row: HTMLElement}>} */
  #rows = new Map();

  /** @param {import("./api.js").API} api */
  constructor(api) {
    this.#api = api;
    this.#add.addEventListener("click", () => this.#edit(null));
    this.#checkAll.addEventListener("click", () => doing(this.#checkAll, this.#place, () => this.#checkEach()));
    this.root = element("section", { "aria-labelledby": "presets-title" },
      element("div", { class: "spread" }, element("h2", { id: "presets-title" }, "Pages that may be co-browsed"), element("div", { class: "row" }, this.#checkAll, this.#add)),
      this.#said, this.#place, this.#list, this.#empty);
  }

  async load() {
    const all = /** @type {Preset[]} */ (await this.#api.all("/presets"));
    this.#rows = new Map(all.map((preset) => [preset.id, { preset, row: this.#row(preset) }]));
    this.#list.replaceChildren(...[...this.#rows.values()].map((r) => r.row));
    this.#list.hidden = this.#checkAll.hidden = all.length === 0;
    this.#empty.hidden = all.length > 0;
  }

  /** @param {Preset} preset */
  #row(preset) {
    const button = (/** @type {string} */ does, /** @type {string} */ words, /** @type {string} */ name) =>
      element("button", { class: "button small", type: "button", "aria-label": name, "data-does": does }, words);
    const recheck = button("check", "Check again", `Check ${preset.name} again`);
    const change = button("change", "Change", `Change ${preset.name}`);
    const remove = button("remove", "Remove", `Remove ${preset.name}`);
    recheck.addEventListener("click", async () => {
      await this.#check(preset.id);
      this.#button(preset.id, "check")?.focus();
    });
    change.addEventListener("click", () => this.#edit(preset));
    remove.addEventListener("click", () => this.#remove(preset));
    return element("li", { class: "entry" },
      element("div", { class: "entry-what" }, element("h3", {}, preset.name), element("p", { class: "address" }, preset.address),
        element("p", { class: "small muted" }, "May lead to " + (scopes[preset.scope] ?? preset.scope) + sizeInWords(preset))),
      element("div", { class: "entry-state" }, ...checked(preset.check)),
      element("div", { class: "entry-actions" }, recheck, change, remove));
  }

  /** @param {string} id @param {string} does @returns {HTMLElement | null | undefined} */
  #button(id, does) {
    return this.#rows.get(id)?.row.querySelector(`[data-does="${does}"]`);
  }

  /**
   * #check checks one preset and shows what came out.
   * @param {string} id
   */
  async #check(id) {
    const row = this.#rows.get(id)?.row;
    const state = row?.querySelector(".entry-state");
    if (!row || !state) return;
    state.replaceChildren(busy("Checking the page…"));
    try {
      this.#show(await this.#api.call("POST", `/presets/${id}/check`));
    } catch (err) {
      state.replaceChildren(problem(asFailure(err)));
    }
  }

  /** @param {Preset} preset as the server has it now */
  #show(preset) {
    const known = this.#rows.get(preset.id);
    if (!known) return;
    const row = this.#row(preset);
    known.row.replaceWith(row);
    this.#rows.set(preset.id, { preset, row });
    setText(this.#said, `${preset.name}: ${inWords(preset.check)}`);
  }

  async #checkEach() {
    const left = [...this.#rows.keys()];
    await Promise.all(Array.from({ length: AT_ONCE }, async () => {
      for (let id = left.shift(); id !== undefined; id = left.shift()) await this.#check(id);
    }));
    const all = [...this.#rows.values()];
    setText(this.#said, `${all.filter((r) => r.preset.check?.ok).length} of ${all.length} presets are ready.`);
  }

  /** @param {Preset | null} preset */
  #edit(preset) {
    let done = "";
    const closed = () => this.#back(preset && this.#button(preset.id, "change"), done);
    presetForm(preset, closed, async (fields) => {
      let now;
      try {
        now = /** @type {Preset} */ (await (preset ? this.#api.call("PUT", `/presets/${preset.id}`, fields, preset.version) : this.#api.call("POST", "/presets", fields)));
      } catch (err) {
        if (asFailure(err).code === "version_changed") await this.load();
        throw err;
      }
      await this.load();
      done = `${now.name} is saved. ${inWords(now.check)}`;
    });
  }

  /** @param {Preset} preset */
  #remove(preset) {
    let done = "";
    const closed = () => this.#back(this.#button(preset.id, "remove"), done);
    askFirst({ title: `Remove “${preset.name}”?`, text: "Nobody can start it any more. A session that runs goes on; logs stay.", yes: "Remove", no: "Keep it" }, closed, async () => {
      await this.#api.call("DELETE", `/presets/${preset.id}`, undefined, preset.version);
      await this.load();
      done = `${preset.name} is removed.`;
    });
  }

  /**
   * #back puts the focus back after a dialog, and says what was done.
   * @param {HTMLElement | null | undefined} button which may be gone by now
   * @param {string} done
   */
  #back(button, done) {
    (button ?? this.#add).focus();
    if (done) setText(this.#said, done);
  }
}

/** @param {Preset} preset */
function sizeInWords(preset) {
  const size = preset.width || preset.height ? ` · ${preset.width || "default"} × ${preset.height || "default"}` : "";
  return size + (preset.scale ? ` · scale ${preset.scale}` : "");
}

/**
 * inWords says what a check found in a sentence.
 * @param {Report | null} report
 */
export function inWords(report) {
  if (!report) return "Not checked yet.";
  return report.ok ? "Ready." : report.faults.map((f) => f.message).join(" ");
}

/**
 * checked shows what a check found.
 * @param {Report | null} report
 * @returns {Node[]}
 */
export function checked(report) {
  if (!report) return [element("span", { class: "badge" }, "Not checked yet")];
  const badge = report.ok ? element("span", { class: "badge ok" }, icon("check"), "Ready")
    : element("span", { class: "badge danger" }, icon("alert"), report.faults.length === 1 ? "1 fault" : `${report.faults.length} faults`);
  const when = element("span", { class: "muted small" }, report.tagVersion ? `Script tag ${report.tagVersion} · ` : "", date(report.at));
  return [element("div", { class: "row" }, badge, when),
    report.ok ? "" : element("ul", { class: "faults" }, ...report.faults.map((f) => element("li", {}, element("strong", {}, f.message), element("span", {}, f.hint, " "), element("code", { class: "muted" }, f.code))))]
    .filter((n) => n instanceof Node);
}
