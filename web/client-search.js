import { asFailure, problem } from "./console.js";
import { element, setText } from "./element.js";
import { icon } from "./icon.js";

const PAUSE = 250; // ms after a key before the search

/** ClientSearch finds clients by name, e-mail address or id, while one types. */
export class ClientSearch {
  root;
  #api;
  #input = element("input", { id: "client-query", type: "search", autocomplete: "off", maxlength: "60", "aria-describedby": "client-hint" });
  #list = element("ul", { class: "choices", "aria-label": "Clients found" });
  #said = element("p", { role: "status", class: "muted" });
  #timer = 0;
  #turn = 0;

  /** @param {import("./api.js").API} api */
  constructor(api) {
    this.#api = api;
    const form = element("form", { class: "search", role: "search" }, element("div", { class: "field" }, element("label", { for: "client-query" }, "Find a client"), this.#input,
      element("p", { class: "hint", id: "client-hint" }, "By a part of the name or the e-mail address, or by the client id")),
      element("button", { class: "button primary", type: "submit" }, icon("search"), "Search"));
    form.addEventListener("submit", (e) => {
      e.preventDefault();
      void this.search();
    });
    this.#input.addEventListener("input", () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.search(), PAUSE);
    });
    this.root = element("section", { "aria-label": "Clients" }, form, this.#said, this.#list);
  }

  /** focus puts the focus where one goes on searching. */
  focus() {
    this.#input.focus();
  }

  /** search shows the clients that match; only the newest search counts. */
  async search() {
    clearTimeout(this.#timer);
    const mine = ++this.#turn;
    const query = this.#input.value.trim();
    try {
      const found = await this.#api.call("GET", "/clients?limit=50&query=" + encodeURIComponent(query));
      if (mine !== this.#turn) return;
      this.#list.replaceChildren(...found.items.map((/** @type {any} */ c) => element("li", { class: "choice" }, element("a", { href: "#client=" + encodeURIComponent(c.id) }, c.name),
        element("div", { class: "parts muted small" }, element("span", {}, c.email || "no e-mail address"), element("span", {}, c.id)))));
      const n = found.items.length;
      setText(this.#said, n === 0 ? (query ? "No client matches. Try a part of the name, or the client id." : "There are no clients yet: your call product tells us of them.")
        : `${n === 1 ? "1 client" : n + " clients"}${found.next ? " and more: type more of the name" : ""}`);
    } catch (err) {
      if (mine !== this.#turn) return;
      setText(this.#said, "");
      this.#list.replaceChildren(element("li", {}, problem(asFailure(err))));
    }
  }
}
