import { element } from "./element.js";
import { icon } from "./icon.js";
import { time } from "./moment.js";
import { codeOfElement, happened, nameOfElement, who } from "./record-words.js";
import { bandTitle, Turns } from "./turns.js";

const COLUMNS = ["No.", "Time", "Who", "What happened", "Element", "Page"];

/**
 * Timeline is the table of a log's records, under bands that say who was in control. Records of single keystrokes are hidden
 * at first; where they are, a line says how many. Roles are written out because the table becomes blocks on a narrow screen,
 * which takes them away from it.
 */
export class Timeline {
  root;
  count = 0; // records
  keystrokes = 0; // of them
  #table;
  #turns = new Turns();
  #nameOf;
  #shown = false;
  /** @type {HTMLElement | null} */
  #body = null;
  /** @type {{first: number, last: number, count: number, row: HTMLElement} | null} the run of hidden rows at the end */
  #run = null;

  /** @param {(id: string) => string} nameOf a participant's name */
  constructor(nameOf) {
    this.#nameOf = nameOf;
    this.#table = element("table", { class: "table timeline", role: "table", "aria-label": "Timeline" },
      element("thead", { role: "rowgroup" }, element("tr", { role: "row" }, ...COLUMNS.map((c) => element("th", { scope: "col", role: "columnheader" }, c)))));
    this.root = element("div", { class: "timeline-frame" }, this.#table);
  }

  /** @param {boolean} shown whether each keystroke's record is shown */
  showKeystrokes(shown) {
    this.#shown = shown;
    for (const row of this.#table.querySelectorAll("tr.keystroke")) /** @type {HTMLElement} */ (row).hidden = !shown;
    for (const row of this.#table.querySelectorAll("tr.gap")) /** @type {HTMLElement} */ (row).hidden = shown;
  }

  /**
   * add appends the next record and returns its row.
   * @param {any} r
   */
  add(r) {
    this.count++;
    const { begins, late } = this.#turns.place(r);
    if (begins || !this.#body) {
      this.#body = element("tbody", { role: "rowgroup" });
      if (begins) this.#body.append(band(begins));
      this.#table.append(this.#body);
      this.#run = null;
    }
    if (r.partial) this.#gap(r.seq);
    else this.#run = null;
    const row = this.#row(r, late);
    this.#body.append(row);
    return row;
  }

  /** @param {number} seq of a keystroke's record */
  #gap(seq) {
    this.keystrokes++;
    if (!this.#run) {
      const row = element("tr", { class: "gap", role: "row", hidden: this.#shown });
      this.#run = { first: seq, last: seq, count: 0, row };
      this.#body?.append(row);
    }
    const run = this.#run;
    run.last = seq;
    run.count++;
    run.row.replaceChildren(element("td", { role: "cell", colspan: COLUMNS.length },
      `${run.count === 1 ? `No. ${seq}` : `No. ${run.first}–${run.last}`}: ${keystrokes(run.count)}, hidden`));
  }

  /** @param {any} r @param {boolean} late */
  #row(r, late) {
    const framed = r.frame && !r.frame.main;
    const page = framed ? r.frame : r.page;
    return element("tr", { class: r.partial ? "keystroke" : null, role: "row", hidden: Boolean(r.partial) && !this.#shown },
      cell("No.", r.seq), cell("Time", time(r.time)),
      cell("Who", r.by ? element("span", { class: "person" }, who(r)) : element("span", { class: "muted" }, who(r)), late && element("div", { class: "small muted" }, `with an input of turn ${r.turn}`)),
      cell("What happened", happened(r, this.#nameOf)),
      cell("Element", r.element && nameOfElement(r.element), r.element?.secret && element("span", { class: "badge" }, icon("lock"), "secret"),
        r.element && element("div", { class: "small muted" }, element("code", {}, codeOfElement(r.element)))),
      cell("Page", page && [framed && "Frame:", page.title].filter(Boolean).join(" "), page && element("div", { class: "small muted" }, page.address),
        framed && r.page && element("div", { class: "small muted" }, `in ${r.page.title || r.page.address}`)));
  }
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
