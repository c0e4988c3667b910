import { asFailure, busy, date, doing, problem } from "./console.js";
import { element } from "./element.js";
import { icon } from "./icon.js";
import { presetForm } from "./preset-form.js";

/**
 * @typedef {{code: string, message: string, hint: string}} Fault
 * @typedef {{at: string, ok: boolean, faults: Fault[], tagVersion: string}} Report
 * @typedef {{id: string, name: string, address: string, scope: string, width: number, height: number, scale: number, version: string, check: Report | null}} Preset
 */

/** @type {Record<string, string>} */
export const scopes = { exact: "this address alone", prefix: "this address and paths below it", origin: "the whole site" };

/** Presets lists the pages that may be co-browsed, each with its check. */
export class Presets {
  root;
  #api;
  #body = element("tbody");
  #place = element("div");
  #table;
  #empty = element("div", { class: "card empty", hidden: true }, element("h3", {}, "No page may be co-browsed yet"), element("p", {}, "Add the first one: its name is what people choose in the call."));

  /** @param {import("./api.js").API} api */
  constructor(api) {
    this.#api = api;
    const add = element("button", { class: "button primary", type: "button" }, "Add a preset");
    add.addEventListener("click", () => this.#edit(null, add));
    this.#table = element("div", { class: "table-scroll" }, element("table", { class: "table presets" },
      element("caption", { class: "visually-hidden" }, "Presets"),
      element("thead", {}, element("tr", {}, ...["Page", "May lead to", "Check", ""].map((h) => element("th", { scope: "col" }, h || element("span", { class: "visually-hidden" }, "Actions"))))), this.#body));
    this.root = element("section", { "aria-labelledby": "presets-title" },
      element("div", { class: "spread" }, element("h2", { id: "presets-title" }, "Pages that may be co-browsed"), add), this.#place, this.#table, this.#empty);
  }

  async load() {
    const all = /** @type {Preset[]} */ (await this.#api.all("/presets"));
    this.#body.replaceChildren(...all.map((p) => this.#row(p)));
    this.#table.hidden = all.length === 0;
    this.#empty.hidden = all.length > 0;
  }

  /** @param {Preset} preset */
  #row(preset) {
    const recheck = element("button", { class: "button small", type: "button", "aria-label": `Check ${preset.name} again` }, "Check again");
    const change = element("button", { class: "button small", type: "button", "aria-label": `Change ${preset.name}` }, "Change");
    const remove = element("button", { class: "button small", type: "button", "aria-label": `Remove ${preset.name}` }, "Remove");
    const check = element("td", { class: "check-cell" }, ...checked(preset.check));
    const row = element("tr", {},
      element("td", {}, element("strong", {}, preset.name), element("div", { class: "address" }, preset.address)),
      element("td", {}, scopes[preset.scope] ?? preset.scope), check,
      element("td", { class: "actions-cell" }, recheck, " ", change, " ", remove));
    recheck.addEventListener("click", async () => {
      check.replaceChildren(busy("Checking the page…"));
      recheck.disabled = true;
      try {
        const now = await this.#api.call("POST", `/presets/${preset.id}/check`);
        const fresh = this.#row(now);
        row.replaceWith(fresh);
        fresh.querySelector("button")?.focus();
      } catch (err) {
        check.replaceChildren(problem(asFailure(err)));
        recheck.disabled = false;
      }
    });
    change.addEventListener("click", () => this.#edit(preset, change));
    remove.addEventListener("click", () => this.#remove(preset, remove));
    return row;
  }

  /** @param {Preset | null} preset @param {HTMLElement} opener */
  #edit(preset, opener) {
    presetForm(preset, opener, async (fields) => {
      if (preset) await this.#api.call("PUT", `/presets/${preset.id}`, fields, preset.version);
      else await this.#api.call("POST", "/presets", fields);
      await this.load();
    });
  }

  /** @param {Preset} preset @param {HTMLButtonElement} opener */
  #remove(preset, opener) {
    const yes = element("button", { class: "button danger", type: "button" }, "Remove");
    const no = element("button", { class: "button", type: "button" }, "Keep it");
    const place = element("div");
    const dialog = element("dialog", { class: "dialog", "aria-labelledby": "remove-title" }, element("h2", { id: "remove-title" }, `Remove “${preset.name}”?`),
      element("p", {}, "Nobody can start it any more. A session that runs goes on; logs stay."), place, element("div", { class: "actions" }, no, yes));
    no.addEventListener("click", () => dialog.close());
    yes.addEventListener("click", () => doing(yes, place, async () => {
      await this.#api.call("DELETE", `/presets/${preset.id}`, undefined, preset.version);
      dialog.close();
      await this.load();
    }));
    dialog.addEventListener("close", () => {
      dialog.remove();
      opener.focus();
    });
    document.body.append(dialog);
    dialog.showModal();
  }
}

/**
 * checked says what a check found.
 * @param {Report | null} report
 * @returns {Node[]}
 */
export function checked(report) {
  if (!report) return [element("span", { class: "badge" }, "Not checked yet")];
  const when = element("span", { class: "muted small" }, " ", date(report.at));
  if (report.ok) return [element("span", { class: "badge ok" }, icon("check"), "Ready"), when];
  return [
    element("span", { class: "badge danger" }, icon("alert"), report.faults.length === 1 ? "1 fault" : `${report.faults.length} faults`), when,
    element("ul", { class: "faults" }, ...report.faults.map((f) => element("li", {}, element("strong", {}, f.message), element("span", {}, f.hint, " "), element("code", { class: "muted" }, f.code)))),
  ];
}
