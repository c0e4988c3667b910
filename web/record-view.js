import { status } from "./activities-view.js";
import { asFailure, date, doing, duration, problem, time } from "./console.js";
import { element, setText } from "./element.js";
import { icon } from "./icon.js";
import { elementInWords, happened } from "./record-words.js";

const PAGE = 200;

/** RecordView is the record of a call: what is known of it, its log to download, and its timeline. */
export class RecordView {
  root;
  #api;
  #record;
  #body = element("tbody");
  #more = element("button", { class: "button", type: "button" }, "Show more");
  #said = element("p", { role: "status", class: "muted small" });
  #place = element("div");
  #after = "";
  #rows = 0;
  #turn = -1;
  #partial;

  /**
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
    const place = element("div");
    const downloads = ["jsonl", "csv"].map((format) => {
      const button = element("button", { class: format === "jsonl" ? "button primary" : "button", type: "button" }, icon("download"), format === "jsonl" ? "Download the co-browse log" : "Download as CSV");
      button.addEventListener("click", () => doing(button, place, async () => {
        const name = await api.download(`/records/${record.session}/log?format=${format}`);
        place.replaceChildren(element("p", { class: "muted small", role: "status" }, `Saved as ${name}.`));
      }));
      return button;
    });
    const partial = element("input", { type: "checkbox" });
    const table = element("table", { class: "table timeline" }, element("caption", { class: "visually-hidden" }, "Timeline"),
      element("thead", {}, element("tr", {}, ...["Time", "Who", "What happened", "Element", "Page"].map((h) => element("th", { scope: "col" }, h)))), this.#body);
    partial.addEventListener("change", () => {
      for (const row of this.#body.querySelectorAll(".partial")) /** @type {HTMLElement} */ (row).hidden = !partial.checked;
    });
    this.#more.addEventListener("click", () => doing(this.#more, this.#place, () => this.#load()));
    this.root = element("section", { class: "stack", "aria-labelledby": "record-title" },
      element("div", { class: "spread" }, element("h2", { id: "record-title" }, record.call.title || "Call", " ", status(record)), element("div", { class: "row" }, ...downloads)), place,
      element("div", { class: "card" }, facts(record)),
      element("div", { class: "spread" }, element("h3", {}, "What was done, and in whose hands"), element("label", { class: "check" }, partial, "Show every keystroke's record")),
      element("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": "Timeline of the session" }, table), this.#said, this.#place, element("div", { class: "row" }, this.#more));
    this.#partial = partial;
  }

  async #load() {
    try {
      const page = await this.#api.call("GET", `/records/${encodeURIComponent(this.#record.session)}/timeline?limit=${PAGE}${this.#after && "&after=" + this.#after}`);
      for (const r of page.items) this.#body.append(this.#row(r));
      this.#after = page.next;
      this.#rows += page.items.length;
      this.#more.hidden = !page.next;
      setText(this.#said, page.next ? `${this.#rows} of ${this.#record.records} records` : `All ${this.#rows} records`);
    } catch (err) {
      this.#place.replaceChildren(problem(asFailure(err)));
    }
  }

  /** @param {any} r */
  #row(r) {
    const row = element("tr", { class: [r.partial && "partial", this.#turn >= 0 && r.turn !== this.#turn && "turn"].filter(Boolean).join(" ") || null, hidden: r.partial && !this.#partial.checked },
      element("td", {}, time(r.time)), element("td", {}, r.by?.name ?? (r.cause === "script" ? "the page's script" : "the server")),
      element("td", {}, happened(r)), element("td", {}, ...elementInWords(r.element)),
      element("td", { class: "small" }, r.frame && !r.frame.main ? "in a frame: " + (r.frame.title || r.frame.address) : (r.page?.title || r.page?.address || "")));
    this.#turn = r.turn;
    return row;
  }
}

/** @param {any} r */
function facts(r) {
  const of = (/** @type {string} */ name, /** @type {(Node | string)[]} */ ...what) => element("div", {}, element("dt", {}, name), element("dd", {}, ...what));
  const count = (/** @type {Record<string, number>} */ n) => Object.values(n).reduce((a, b) => a + b, 0);
  return element("dl", { class: "facts" }, of("Began", date(r.opened)), of("Ended", ...(r.closed ? [date(r.closed), ` (${duration(r.opened, r.closed)})`] : ["not yet"])),
    of("Why it ended", (r.reason || "–") + (r.closedBy ? `, by ${r.closedBy.name}` : "")), of("Page", r.preset.name), of("Address", r.preset.address),
    of("Participants", r.participants.map((/** @type {any} */ p) => p.name + (p.client ? ` (${p.client})` : "")).join(", ") || "–"),
    of("Form interactions", String(count(r.actions ?? {}))), of("Records", String(r.records)), of("Session", element("code", {}, r.session)));
}
