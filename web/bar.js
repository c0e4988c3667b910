import { colourOf, element, setAttribute, setText } from "./element.js";
import { icon } from "./icon.js";
import { Menu } from "./menu.js";

/**
 * @typedef {object} BarHandler
 * @property {(where: "back" | "forward" | "reload") => void} go
 * @property {() => void} takeOver
 * @property {() => void} stop
 * @property {() => void} clearMarks
 * @property {(on: boolean) => void} marker
 * @property {(fade: boolean) => void} fade
 * @property {() => void} softKeyboard
 * @property {() => import("./menu.js").MenuEntry[]} view entries of the View menu
 * @property {() => void} enter F6: on to the page
 */

/**
 * @typedef {object} BarState
 * @property {import("./wire.js").State | null} state
 * @property {import("./wire.js").Participant | undefined} navigator
 * @property {boolean} navigating
 * @property {boolean} connected
 * @property {boolean} marker
 * @property {boolean} fade
 * @property {string} preset
 */

/** Bar is the session bar: the page's address, who navigates, and what everybody can do. */
export class Bar {
  root;
  #back = button("back", "Back", "quiet icon-only");
  #forward = button("forward", "Forward", "quiet icon-only");
  #reload = button("reload", "Reload", "quiet icon-only");
  #moves = element("div", { class: "bn-bar-moves", role: "group", "aria-label": "Page history" }, this.#back, this.#forward, this.#reload);
  #title = element("span", { class: "bn-bar-title" });
  #address = element("span", { class: "bn-bar-address" });
  #lock = element("span", { class: "bn-bar-lock", role: "img", "aria-label": "Secure connection" }, icon("lock"));
  #dot = element("span", { class: "bn-dot", "aria-hidden": "true" });
  #who = element("span", { class: "bn-bar-who-name" });
  #does = element("span", { class: "bn-bar-who-does" });
  #fading = radio("fade", "Marks fade", "Fade");
  #staying = radio("stay", "Marks stay", "Stay");
  #life = element("div", { class: "bn-segments", role: "radiogroup", "aria-label": "How long marks are seen" }, element("span", { "aria-hidden": "true" }, "Marks"), this.#fading.label, this.#staying.label);
  #marker = button("marker", "Marker");
  #clear = button("eraser", "Clear marks");
  #takeOver = button("steer", "Take over as navigator", "primary");
  #keyboard = button("keyboard", "Keyboard");
  #view = button("eye", "View");
  #stop = button("stop", "Stop co-browsing", "danger");

  /** @param {BarHandler} handler */
  constructor(handler) {
    this.#back.addEventListener("click", () => handler.go("back"));
    this.#forward.addEventListener("click", () => handler.go("forward"));
    this.#reload.addEventListener("click", () => handler.go("reload"));
    this.#takeOver.addEventListener("click", handler.takeOver);
    this.#stop.addEventListener("click", handler.stop);
    this.#clear.addEventListener("click", handler.clearMarks);
    this.#keyboard.addEventListener("click", handler.softKeyboard);
    this.#marker.addEventListener("click", () => handler.marker(this.#marker.getAttribute("aria-pressed") !== "true"));
    this.#fading.input.addEventListener("change", () => handler.fade(true));
    this.#staying.input.addEventListener("change", () => handler.fade(false));
    this.#keyboard.classList.add("bn-touch-only");
    this.#clear.classList.add("bn-compact-late");
    this.#view.classList.add("bn-compact");
    const page = element("div", { class: "bn-bar-page" }, this.#moves, element("div", { class: "bn-bar-where" }, this.#lock, this.#title, this.#address));
    const who = element("div", { class: "bn-bar-who" }, this.#dot, this.#who, this.#does);
    const actions = element("div", { class: "bn-bar-actions" }, this.#keyboard, element("span", { class: "bn-marker" }, this.#marker, this.#life), this.#clear, new Menu(this.#view, handler.view).root, this.#takeOver, this.#stop);
    this.root = element("div", { class: "bn-bar", role: "region", "aria-label": "Session bar" }, element("div", { class: "bn-bar-row" }, page, who, actions));
    this.root.addEventListener("keydown", (e) => {
      if (e.key !== "F6") return;
      e.preventDefault();
      handler.enter();
    });
  }

  /** focus puts the keyboard on the bar: the way out of the page. */
  focus() {
    const first = [this.#takeOver, this.#marker, this.#back, this.#view].find((b) => b.offsetParent !== null && !b.disabled);
    first?.focus();
  }

  /** @param {BarState} bar */
  show({ state, navigator, navigating, connected, marker, fade, preset }) {
    const ready = connected && state !== null && (state.phase === "live" || state.phase === "recovering");
    setText(this.#title, state?.title || preset);
    setText(this.#address, state?.address ?? "");
    setAttribute(this.#address, "title", state?.address ?? null);
    this.#lock.hidden = !state?.address.startsWith("https:");
    const frozen = state?.phase === "frozen";
    setText(this.#who, frozen || !state ? "" : navigating ? "You" : (navigator?.name ?? "Nobody"));
    setText(this.#does, frozen ? "Input is stopped" : !state ? "" : navigating ? " navigate" : " navigates");
    this.#dot.style.background = navigator && !frozen ? colourOf(navigator.colour) : "transparent";
    this.root.classList.toggle("bn-frozen", frozen);
    this.#moves.hidden = !navigating;
    this.#takeOver.hidden = navigating;
    this.#marker.hidden = navigating;
    this.#life.hidden = navigating || !marker;
    this.#keyboard.hidden = !navigating;
    setAttribute(this.#marker, "aria-pressed", String(marker));
    this.#fading.input.checked = fade;
    this.#staying.input.checked = !fade;
    for (const b of [this.#back, this.#forward, this.#reload, this.#takeOver, this.#marker, this.#clear, this.#keyboard]) b.disabled = !ready;
    this.#stop.disabled = !connected;
  }
}

/**
 * @param {string} drawing
 * @param {string} name
 * @param {string} [look]
 */
function button(drawing, name, look = "") {
  const only = look.includes("icon-only");
  return element("button", { type: "button", class: `button ${look}`, "aria-label": only ? name : null, title: name }, icon(drawing), !only && element("span", {}, name));
}

/**
 * @param {string} value
 * @param {string} name
 * @param {string} shown
 */
function radio(value, name, shown) {
  const input = element("input", { type: "radio", name: "bn-mark-life", value, "aria-label": name, class: "visually-hidden" });
  return { input, label: element("label", { class: "bn-segment" }, input, element("span", { "aria-hidden": "true" }, shown)) };
}
