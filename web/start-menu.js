import { element } from "./element.js";
import { icon } from "./icon.js";
import { Menu } from "./menu.js";
import { Failure } from "./request.js";

/** StartMenu is the button "Co-browse a page" and its menu of presets. */
export class StartMenu {
  #busy = element("span", { class: "spinner", hidden: true });
  #button = element("button", { type: "button", class: "button primary start-button" }, icon("compass"), this.#busy, element("span", {}, "Co-browse a page"));
  root;

  /** @param {import("./viewer.js").BinnacleViewer} viewer */
  constructor(viewer) {
    const entries = async () => {
      try {
        const presets = await viewer.presets();
        return presets.map((preset) => ({ name: preset.name, detail: preset.address.replace(/^https:\/\//, ""), choose: () => void viewer.start(preset) }));
      } catch (err) {
        const { message, hint } = err instanceof Failure ? err : new Failure("internal", "The pages could not be listed.", "Try again in a moment.");
        viewer.say(`${message} ${hint}`, "error");
        return [];
      }
    };
    const empty = "There are no pages to co-browse yet. An admin adds them in the settings.";
    this.root = new Menu(this.#button, entries, { title: "Open for everyone in the call", empty }).root;
    viewer.addEventListener("binnacle-view", () => this.#show(viewer.state));
  }

  /** @param {string} state of the viewer */
  #show(state) {
    this.#button.disabled = state !== "idle";
    this.#busy.hidden = state !== "opening";
    this.#button.classList.toggle("busy", state === "opening");
    this.#button.title = state === "session" ? "A page is being co-browsed already" : "";
  }
}
