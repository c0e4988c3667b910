import { asFailure, date, doing, problem } from "./console.js";
import { element } from "./element.js";

/** @typedef {{id: string, name: string, scopes: string[], created: string, lastUsed: string}} Key */

const SCOPES = ["presets:read", "presets:write", "calls:read", "calls:write", "clients:write", "records:read", "keys:write"];

/** Keys lists the API keys. A key without the scope keys:write does not see them. */
export class Keys {
  root;
  #api;
  #body = element("tbody");
  #place = element("div");

  /** @param {import("./api.js").API} api */
  constructor(api) {
    this.#api = api;
    const add = element("button", { class: "button", type: "button" }, "Make a key");
    add.addEventListener("click", () => this.#make(add));
    this.root = element("section", { "aria-labelledby": "keys-title", hidden: true },
      element("div", { class: "spread" }, element("h2", { id: "keys-title" }, "API keys"), add), this.#place,
      element("div", { class: "table-scroll" }, element("table", { class: "table" }, element("caption", { class: "visually-hidden" }, "API keys"),
        element("thead", {}, element("tr", {}, ...["Name", "May", "Made", "Last used", ""].map((h) => element("th", { scope: "col" }, h || element("span", { class: "visually-hidden" }, "Actions"))))), this.#body)));
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
    this.#body.replaceChildren(...all.map((k) => this.#row(k)));
  }

  /** @param {Key} key */
  #row(key) {
    const remove = element("button", { class: "button small", type: "button", "aria-label": `Remove the key ${key.name}` }, "Remove");
    let sure = false;
    remove.addEventListener("click", () => {
      if (!sure) {
        sure = true;
        remove.textContent = "Really remove?";
        remove.classList.add("danger");
        return;
      }
      void doing(remove, this.#place, async () => {
        await this.#api.call("DELETE", `/keys/${key.id}`);
        await this.load();
      });
    });
    return element("tr", {}, element("td", {}, element("strong", {}, key.name)), element("td", { class: "small" }, key.scopes.join(", ")), element("td", {}, date(key.created)),
      element("td", {}, key.lastUsed || "never"), element("td", { class: "actions-cell" }, remove));
  }

  /** @param {HTMLElement} opener */
  #make(opener) {
    const name = element("input", { id: "key-name", required: true, maxlength: "80", autocomplete: "off" });
    const boxes = SCOPES.map((s) => element("label", { class: "check" }, element("input", { type: "checkbox", name: "scope", value: s }), s));
    const place = element("div");
    const ok = element("button", { class: "button primary", type: "submit" }, "Make the key");
    const close = element("button", { class: "button", type: "button" }, "Close");
    const form = element("form", { class: "form-grid" }, element("h2", { id: "key-title" }, "Make a key"),
      element("div", { class: "field" }, element("label", { for: "key-name" }, "Name: who or what uses it"), name),
      element("fieldset", {}, element("legend", {}, "It may"), element("div", { class: "scopes" }, ...boxes)), place, element("div", { class: "actions" }, close, ok));
    const dialog = element("dialog", { class: "dialog", "aria-labelledby": "key-title" }, form);
    form.addEventListener("submit", async (e) => {
      e.preventDefault();
      ok.disabled = true;
      try {
        const made = await this.#api.call("POST", "/keys", { name: name.value, scopes: new FormData(form).getAll("scope") });
        place.replaceChildren(element("div", { class: "message ok", role: "status" }, element("strong", {}, "This is the key. It is shown only now:"), element("code", { class: "code" }, made.key)));
        ok.hidden = true;
        await this.load();
      } catch (err) {
        place.replaceChildren(problem(asFailure(err)));
      } finally {
        ok.disabled = false;
      }
    });
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => {
      dialog.remove();
      opener.focus();
    });
    document.body.append(dialog);
    dialog.showModal();
    name.focus();
  }
}
