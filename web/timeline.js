import { element } from "./element.js";
import { icon } from "./icon.js";
import { time } from "./moment.js";
import { codeOfElement, happened, nameOfElement, who } from "./record-words.js";
import { bandTitle, Turns } from "./turns.js";
import { Typing } from "./typing.js";

const COLUMNS = ["No.", "Time", "Who", "What happened", "Element", "Page"];

/**
 * Timeline is the table of a log's records, under bands that say who was in control. Records of single keystrokes are hidden
 * at first where a later record replaces them; a line says how many. Roles are written out because the table becomes blocks
 * on a narrow screen, which takes them away from it.
 */
export class Timeline {
  root;
  count = 0; // records
  keystrokes = 0; // of them, those that a later one replaces
  #table;
  #turns = new Turns();
  #typing = new Typing();
  #nameOf;
  #shown = false;
  /** @type {HTMLElement | null} */
  #body = null;
  /** @type {Map<number, HTMLElement>} rows of keystrokes, by seq */
  #typed = new Map();

  /** @param {(id: string) => string} nameOf a participant's name */
  constructor(nameOf) {
    this.#nameOf = nameOf;
    this.#table = element("table", { class: "table timeline", role: "table", "aria-label": "Timeline" },
      element("thead", { role: "rowgroup" }, element("tr", { role: "row" }, ...COLUMNS.map((c) => element("th", { scope: "col", role: "columnheader" }, c)))));
    this.root = element("div", { class: "timeline-frame" }, this.#table);
  }

  /** @param {boolean} shown whether the records of single keystrokes are shown */
  showKeystrokes(shown) {
    this.#shown = shown;
    this.#fold();
  }

  /**
   * add appends the records that follow and returns their rows.
   * @param {any[]} records
   */
  add(records) {
    const rows = records.map((r) => this.#add(r));
    this.#fold();
    return rows;
  }

  /** @param {any} r */
  #add(r) {
    this.count++;
    const { begins, late } = this.#turns.place(r);
    if (begins || !this.#body) {
      this.#body = element("tbody", { role: "rowgroup" });
      if (begins) this.#body.append(band(begins));
      this.#table.append(this.#body);
    }
    const before = this.#typed.get(this.#typing.replaced(r));
    if (before) {
      before.classList.add("replaced");
      this.keystrokes++;
    }
    const row = this.#row(r, late);
    if (r.partial) this.#typed.set(r.seq, row);
    this.#body.append(row);
    return row;
  }

  /** #fold puts a line in the place of each run of hidden rows. */
  #fold() {
    for (const gap of this.#table.querySelectorAll("tr.gap")) gap.remove();
    /** @type {HTMLElement[]} */
    let run = [];
    for (const row of /** @type {NodeListOf<HTMLElement>} */ (this.#table.querySelectorAll("tbody tr"))) {
      const replaced = row.classList.contains("replaced");
      row.hidden = replaced && !this.#shown;
      if (row.hidden && run.at(-1)?.nextSibling !== row) run = [];
      if (!row.hidden) continue;
      run.push(row);
      if (!row.nextElementSibling?.classList.contains("replaced")) row.after(gap(run));
    }
  }

  /** @param {any} r @param {boolean} late */
  #row(r, late) {
    const framed = r.frame && !r.frame.main;
    const page = framed ? r.frame : r.page;
    return element("tr", { class: r.partial ? "keystroke" : null, role: "row", "data-seq": r.seq },
      cell("No.", r.seq), cell("Time", time(r.time)),
      cell("Who", r.by ? element("span", { class: "person" }, who(r)) : element("span", { class: "muted" }, who(r)), late && element("div", { class: "small muted" }, `with an input of turn ${r.turn}`)),
      cell("What happened", happened(r, this.#nameOf), r.partial && element("div", { class: "small unfinished" }, "Not finished: no later record has the whole text.")),
      cell("Element", r.element && nameOfElement(r.element), r.element?.secret && element("span", { class: "badge" }, icon("lock"), "secret"),
        r.element && element("div", { class: "small muted" }, element("code", {}, codeOfElement(r.element)))),
      cell("Page", page && [framed && "Frame:", page.title].filter(Boolean).join(" "), page && element("div", { class: "small muted" }, page.address),
        framed && r.page && element("div", { class: "small muted" }, `in ${r.page.title || r.page.address}`)));
  }
}

/** @param {HTMLElement[]} rows that are hidden */
function gap(rows) {
  const first = rows[0]?.dataset.seq, last = rows.at(-1)?.dataset.seq;
  return element("tr", { class: "gap", role: "row" }, element("td", { role: "cell", colspan: COLUMNS.length }, `No. ${first === last ? first : `${first}–${last}`}: ${keystrokes(rows.length)}, hidden`));
}

/** @param {number} n */
export function keystrokes(n) {
  return n === 1 ? "1 keystroke record" : `${n} keystroke records`;
}

/**
 * @param {string} column tells narrow screens what the cell is
 * @param {...any} content
 */
function cell(column, ...content) {
  const shown = content.filter((c) => c !== undefined && c !== null && c !== false && c !== "");
  return element("td", { role: "cell", "data-column": column, class: shown.length ? null : "nothing" }, ...shown.map((c) => (c instanceof Node ? c : String(c))));
}

/** @param {import("./turns.js").Band} b */
function band(b) {
  return element("tr", { class: b.navigator ? "band" : "band nobody", role: "row" }, element("th", { scope: "rowgroup", role: "rowheader", colspan: COLUMNS.length },
    element("span", { class: "row" }, icon(b.navigator ? "steer" : "stop"), element("strong", {}, bandTitle(b)),
      element("span", { class: "small" }, b.turn ? `turn ${b.turn}, from ` : "from ", time(b.from)))));
}
