import { asFailure, copyButton, doing } from "./console.js";
import { element, setText } from "./element.js";
import { clearFaults, showFaults } from "./field-faults.js";
import { askFirst, openModal } from "./modal.js";
import { day } from "./moment.js";

/** @typedef {{id: string, name: string, scopes: string[], created: string, lastUsed: string}} Key */

/** What each scope lets a key do. */
/** @type {Record<string, string>} */
export const rights = {
  "presets:read": "see presets and the script tag",
  "presets:write": "add, change, check and remove presets",
  "calls:read": "see calls and sessions",
  "calls:write": "make calls, start and stop sessions",
  "clients:write": "tell us of clients",
  "records:read": "find clients, read and download logs",
  "keys:write": "see, make and remove API keys",
};

/** Keys lists the API keys. A key without the scope keys:write does not see them. */
export class Keys {
  root;
  #api;
  #add = element("button", { class: "button", type: "button" }, "Make a key");
  #list = element("ul", { class: "entries", "aria-labelledby": "keys-title" });
  #said = element("p", { role: "status", class: "visually-hidden" });

  /** @param {import("./api.js").API} api */
  constructor(api) {
    this.#api = api;
    this.#add.addEventListener("click", () => this.#make());
    this.root = element("section", { "aria-labelledby": "keys-title", hidden: true },
      element("div", { class: "spread" }, element("h2", { id: "keys-title" }, "API keys"), this.#add), this.#said, this.#list);
  }

  async load() {
    let all;
    try {
      all = /** @type {Key[]} */ (await this.#api.all("/keys"));
    } catch (err) {
      if (asFailure(err).code === "scope_missing") return;
      throw err;
    }
    this.root.hidden = false;
    this.#list.replaceChildren(...all.map((k) => this.#row(k)));
  }

  /** @param {Key} key */
  #row(key) {
    const remove = element("button", { class: "button small", type: "button", "aria-label": `Remove the key ${key.name}` }, "Remove");
    let done = "";
    const closed = () => {
      (done ? this.#add : remove).focus();
      if (done) setText(this.#said, done);
    };
    remove.addEventListener("click", () =>
      askFirst({ title: `Remove the key “${key.name}”?`, text: "Whoever uses it is locked out at once. It cannot be had back.", yes: "Remove", no: "Keep it" }, closed, async () => {
        await this.#api.call("DELETE", `/keys/${key.id}`);
        await this.load();
        done = `The key ${key.name} is removed.`;
      }));
    return element("li", { class: "entry" },
      element("div", { class: "entry-what" }, element("h3", {}, key.name),
        element("p", { class: "small muted" }, "Made ", day(key.created), " · ", ...(key.lastUsed ? ["last used ", day(key.lastUsed + "T12:00")] : ["never used"]))),
      element("div", { class: "entry-state" }, element("ul", { class: "tags", "aria-label": "It may" }, ...key.scopes.map((s) => element("li", { class: "badge" }, s)))),
      element("div", { class: "entry-actions" }, remove));
  }

  #make() {
    const name = element("input", { id: "key-name", name: "name", "aria-required": "true", autocomplete: "off" });
    const boxes = Object.entries(rights).map(([scope, words]) => element("label", { class: "check" }, element("input", { type: "checkbox", name: "scope", value: scope }),
      element("span", {}, words.slice(0, 1).toUpperCase() + words.slice(1), " ", element("code", { class: "muted" }, scope))));
    const place = element("div");
    const ok = element("button", { class: "button primary", type: "submit" }, "Make the key");
    const cancel = element("button", { class: "button", type: "button" }, "Cancel");
    const form = element("form", { class: "form-grid", novalidate: true }, element("h2", { id: "key-title" }, "Make a key"),
      element("div", { class: "field", "data-field": "name" }, element("label", { for: "key-name" }, "Name: who or what uses it"), name),
      element("fieldset", { class: "field", "data-field": "scopes" }, element("legend", {}, "It may"), ...boxes), place, element("div", { class: "actions" }, cancel, ok));
    const dialog = element("dialog", { class: "dialog", "aria-labelledby": "key-title" }, form);
    form.addEventListener("submit", (e) => {
      e.preventDefault();
      void doing(ok, place, async () => {
        clearFaults(form);
        const made = await this.#api.call("POST", "/keys", { name: name.value, scopes: new FormData(form).getAll("scope") });
        dialog.replaceChildren(...this.#made(made, () => dialog.close()));
        dialog.querySelector("button")?.focus();
        await this.load();
      }, (refusal) => showFaults(form, place, refusal));
    });
    cancel.addEventListener("click", () => dialog.close());
    openModal(dialog, () => this.#add.focus());
    name.focus();
  }

  /**
   * #made shows a new key, once.
   * @param {Key & {key: string}} made
   * @param {() => void} close
   */
  #made(made, close) {
    const secret = element("code", { class: "code" }, made.key);
    const done = element("button", { class: "button primary", type: "button", onclick: close }, "I have kept it");
    return [element("div", { class: "stack" }, element("h2", { id: "key-title" }, `The key “${made.name}”`),
      element("p", { role: "status" }, "This is the only time that it is shown. Put it where secrets are kept."), secret, copyButton("Copy the key", secret).root,
      element("div", { class: "actions" }, done))];
  }
}
