import { status } from "./activities-view.js";
import { doing } from "./console.js";
import { element, setText } from "./element.js";
import { icon } from "./icon.js";
import { date, duration, zone } from "./moment.js";
import { ending, tally } from "./record-words.js";
import { keystrokes, Timeline } from "./timeline.js";

const PAGE = 200; // records that are asked for at once

/** RecordView is the record of a call: what is known of it, its log to download, and its timeline. */
export class RecordView {
  root;
  title;
  #api;
  #record;
  #timeline;
  #more = element("button", { class: "button", type: "button" });
  #said = element("p", { role: "status", class: "muted small" });
  #place = element("div");
  #box = element("input", { type: "checkbox" });
  #boxLabel = element("span");
  #last = 0; // seq of the last record that is here
  #whole = false; // whether the server had no more

  /**
   * load reads a record and the beginning of its timeline.
   * @param {import("./api.js").API} api
   * @param {string} id of the session
   */
  static async load(api, id) {
    const view = new RecordView(api, await api.call("GET", "/records/" + encodeURIComponent(id)));
    await view.#load();
    return view;
  }

  /**
   * @param {import("./api.js").API} api
   * @param {any} record
   */
  constructor(api, record) {
    this.#api = api;
    this.#record = record;
    const names = new Map(record.participants.map((/** @type {any} */ p) => [p.id, p.name]));
    this.#timeline = new Timeline((id) => names.get(id) ?? id);
    this.#box.addEventListener("change", () => {
      this.#timeline.showKeystrokes(this.#box.checked);
      this.#tell();
    });
    this.#more.addEventListener("click", () => doing(this.#more, this.#place, async () => {
      const first = await this.#load();
      if (!first) return;
      first.tabIndex = -1;
      first.focus();
    }));
    const { buttons, place } = this.#downloads();
    this.title = record.call.title || "Call";
    this.root = element("section", { class: "stack", "aria-labelledby": "record-title" },
      element("div", { class: "spread" }, element("div", { class: "row" }, element("h2", { id: "record-title" }, record.call.title || "Call"), status(record)), element("div", { class: "row" }, ...buttons)), place,
      element("div", { class: "card" }, facts(record)),
      element("div", { class: "spread" }, element("div", {}, element("h3", {}, "What was done, and in whose hands"), element("p", { class: "muted small" }, zone() === "UTC" ? "Times are in UTC." : `Times are in ${zone()}; the downloaded log has UTC.`)),
        element("label", { class: "check" }, this.#box, this.#boxLabel)),
      this.#timeline.root, this.#place, element("div", { class: "spread" }, this.#said, this.#more));
  }

  #downloads() {
    const place = element("div");
    const buttons = [["jsonl", "Download the co-browse log"], ["csv", "Download as CSV"]].map(([format, words]) => {
      const button = element("button", { class: format === "jsonl" ? "button primary" : "button", type: "button" }, icon("download"), words);
      button.addEventListener("click", () => doing(button, place, async () => {
        const name = await this.#api.download(`/records/${encodeURIComponent(this.#record.session)}/log?format=${format}`);
        place.replaceChildren(element("p", { class: "muted small", role: "status" }, `Saved as ${name}.`));
      }));
      return button;
    });
    return { buttons, place };
  }

  /** #load shows the records that follow and returns the first row that can be seen. */
  async #load() {
    const page = await this.#api.call("GET", `/records/${encodeURIComponent(this.#record.session)}/timeline?limit=${PAGE}${this.#last ? "&after=" + this.#last : ""}`);
    const rows = this.#timeline.add(page.items);
    this.#last = page.items.at(-1)?.seq ?? this.#last;
    this.#whole = !page.next;
    this.#tell();
    this.#more.hidden = this.#whole && Boolean(this.#record.closed);
    setText(this.#more, page.next ? "Show more" : "Look for new records");
    return rows.find((row) => !row.hidden);
  }

  /** #tell says how much of the log is shown. */
  #tell() {
    const { count, keystrokes: hidden } = this.#timeline;
    setText(this.#boxLabel, hidden ? `Show ${keystrokes(hidden)}` : "Show keystroke records (there are none)");
    this.#box.disabled = hidden === 0;
    const all = count === 1 ? "1 record" : `${count} records`;
    setText(this.#said, (!this.#whole ? `The first ${all} of ${Math.max(this.#record.records, count)}` : this.#record.closed ? `All ${all}` : `${all} so far`) + (hidden && !this.#box.checked ? `, ${hidden} of them hidden` : ""));
  }
}

/** @param {any} r */
function facts(r) {
  const of = (/** @type {string} */ name, /** @type {(Node | string)[]} */ ...what) => element("div", {}, element("dt", {}, name), element("dd", {}, ...what));
  return element("dl", { class: "facts" }, of("Began", date(r.opened), r.openedBy ? `, by ${r.openedBy.name}` : ""),
    of("Ended", ...(r.closed ? [date(r.closed), ` (after ${duration(r.opened, r.closed)})`] : ["not yet"])),
    of("Why it ended", !r.closed ? "–" : r.closedBy ? `Stopped by ${r.closedBy.name}` : ending(r.reason)),
    of("Participants", r.participants.map((/** @type {any} */ p) => p.name + (p.client ? ` (${p.client})` : "")).join(", ") || "–"),
    of("Page", r.preset.name), of("Address", r.preset.address), of("Form records", tally(r.actions ?? {})), of("Session", element("code", {}, r.session)));
}
