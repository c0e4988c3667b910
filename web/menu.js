import { element } from "./element.js";

/**
 * @typedef {object} MenuItem
 * @property {string} name
 * @property {string} [detail] shown under the name, read as its description
 * @property {boolean} [checked] makes it an item that can be checked
 * @property {boolean} [radio] makes it one of several of which one is checked
 * @property {() => void} choose
 *
 * @typedef {MenuItem | "separator"} MenuEntry
 */

const TYPE_AHEAD = 700; // ms

/**
 * Menu is a button's menu: arrow keys, Home, End, type-ahead, Escape, Tab. Its entries are asked for each time it opens.
 */
export class Menu {
  root;
  #button;
  #entries;
  #empty;
  #title;
  /** @type {HTMLElement | null} */
  #list = null;
  #typed = "";
  #typedAt = 0;
  /** @param {Event} e */
  #outside = (e) => {
    if (e.target instanceof Node && !this.root.contains(e.target)) this.close();
  };
  #resize = () => this.#place();

  /**
   * @param {HTMLButtonElement} button
   * @param {() => MenuEntry[] | Promise<MenuEntry[]>} entries
   * @param {{title?: string, empty?: string}} [words] a line over the items; what to say when there are none
   */
  constructor(button, entries, words = {}) {
    this.#button = button;
    this.#entries = entries;
    this.#title = words.title ?? "";
    this.#empty = words.empty ?? "There is nothing to choose.";
    this.root = element("span", { class: "menu-anchor" }, button);
    button.setAttribute("aria-haspopup", "menu");
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", () => (this.#list ? this.close() : void this.open("first")));
    button.addEventListener("keydown", (e) => {
      if (e.key !== "ArrowDown" && e.key !== "ArrowUp") return;
      e.preventDefault();
      void this.open(e.key === "ArrowDown" ? "first" : "last");
    });
  }

  /**
   * open shows the menu and puts focus on its first or last item.
   * @param {"first" | "last"} at
   */
  async open(at) {
    if (this.#list) return;
    const list = element("div", { class: "menu", role: "menu", "aria-label": this.#button.textContent?.trim() || this.#button.getAttribute("aria-label") || "" });
    this.#list = list;
    this.#button.setAttribute("aria-expanded", "true");
    list.setAttribute("aria-busy", "true");
    list.append(element("p", { class: "menu-empty", role: "none" }, "Loading…"));
    // In the top layer no box on the way can cut it off.
    list.popover = "manual";
    this.root.append(list);
    list.showPopover?.();
    this.#place();
    document.addEventListener("pointerdown", this.#outside, true);
    document.addEventListener("focusin", this.#outside);
    addEventListener("resize", this.#resize);
    list.addEventListener("keydown", (e) => this.#key(e));
    const entries = await this.#entries();
    if (this.#list !== list) return;
    this.#fill(list, entries);
    this.#place();
    const items = this.#items();
    const item = at === "first" ? items[0] : items.at(-1);
    (item ?? list).focus();
  }

  /** close hides the menu; focus goes back to its button if it was inside. */
  close() {
    const list = this.#list;
    if (!list) return;
    const inside = list.contains(document.activeElement);
    this.#list = null;
    document.removeEventListener("pointerdown", this.#outside, true);
    document.removeEventListener("focusin", this.#outside);
    removeEventListener("resize", this.#resize);
    this.#button.setAttribute("aria-expanded", "false");
    if (inside) this.#button.focus();
    list.remove();
  }

  /**
   * @param {HTMLElement} list
   * @param {MenuEntry[]} entries
   */
  #fill(list, entries) {
    list.replaceChildren();
    list.removeAttribute("aria-busy");
    if (entries.length === 0) {
      list.tabIndex = -1;
      list.setAttribute("aria-label", this.#empty);
      list.append(element("p", { class: "menu-empty", role: "none" }, this.#empty));
      return;
    }
    if (this.#title) list.append(element("div", { class: "menu-title", role: "none", "aria-hidden": "true" }, this.#title));
    for (const entry of entries) {
      if (entry === "separator") {
        list.append(element("div", { role: "separator" }));
        continue;
      }
      const checkable = entry.checked !== undefined;
      const role = !checkable ? "menuitem" : entry.radio ? "menuitemradio" : "menuitemcheckbox";
      list.append(
        element("button", { type: "button", role, tabindex: "-1", "aria-label": entry.name, "data-detail": entry.detail, "aria-description": entry.detail, "aria-checked": checkable ? String(entry.checked) : null, onclick: () => this.#choose(entry) }, entry.name),
      );
    }
  }

  /** @param {MenuItem} item */
  #choose(item) {
    this.close();
    item.choose();
  }

  #items() {
    return /** @type {HTMLElement[]} */ ([...(this.#list?.querySelectorAll('[role^="menuitem"]') ?? [])]);
  }

  /** @param {KeyboardEvent} e */
  #key(e) {
    const items = this.#items();
    const at = items.findIndex((i) => i === document.activeElement);
    let to;
    if (e.key === "ArrowDown") to = items[(at + 1) % items.length];
    else if (e.key === "ArrowUp") to = items.at(at <= 0 ? -1 : at - 1);
    else if (e.key === "Home") to = items[0];
    else if (e.key === "End") to = items.at(-1);
    else if (e.key === "Escape" || e.key === "Tab") {
      this.close();
      if (e.key === "Tab") return;
    } else if ([...e.key].length === 1 && e.key !== " " && !e.ctrlKey && !e.metaKey && !e.altKey) to = this.#typeAhead(items, at, e);
    else return;
    e.preventDefault();
    e.stopPropagation();
    to?.focus();
  }

  /**
   * @param {HTMLElement[]} items
   * @param {number} at
   * @param {KeyboardEvent} e
   */
  #typeAhead(items, at, e) {
    if (e.timeStamp - this.#typedAt > TYPE_AHEAD) this.#typed = "";
    this.#typedAt = e.timeStamp;
    this.#typed += e.key.toLowerCase();
    // The same letter again goes on to the next item with it; more letters refine from where focus is.
    const same = [...this.#typed].every((c) => c === this.#typed[0]);
    const sought = same ? this.#typed.slice(0, 1) : this.#typed;
    const from = same ? at + 1 : Math.max(0, at);
    return [...items.slice(from), ...items.slice(0, from)].find((i) => i.textContent?.trim().toLowerCase().startsWith(sought));
  }

  /** The menu opens below its button, or above where there is more room. */
  #place() {
    const list = this.#list;
    if (!list) return;
    // Measured from the corner: elsewhere the window's edge would squeeze it.
    list.style.left = list.style.top = "0px";
    const button = this.#button.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = list;
    const left = Math.max(12, Math.min(button.left + button.width / 2 > innerWidth / 2 ? button.right - width : button.left, innerWidth - width - 12));
    const below = button.bottom + 6;
    const top = below + height + 12 <= innerHeight || button.top < height + 18 ? Math.max(12, Math.min(below, innerHeight - height - 12)) : button.top - height - 6;
    list.style.left = left + "px";
    list.style.top = top + "px";
  }
}
