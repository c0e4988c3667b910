import { doing } from "./console.js";
import { element } from "./element.js";
import { scopes } from "./presets-view.js";

/**
 * presetForm opens a dialog in which a preset is made or changed; saving it checks the page.
 * @param {import("./presets-view.js").Preset | null} preset
 * @param {HTMLElement} opener gets the focus back
 * @param {(fields: object) => Promise<void>} save
 */
export function presetForm(preset, opener, save) {
  const name = element("input", { id: "preset-name", required: true, maxlength: "80", value: preset?.name ?? "", autocomplete: "off" });
  const address = element("input", { id: "preset-address", type: "url", required: true, maxlength: "2000", value: preset?.address ?? "", placeholder: "https://www.bank.example/open-account", autocomplete: "off", "aria-describedby": "preset-address-hint" });
  const choices = Object.entries(scopes).map(([value, words]) => {
    const input = element("input", { type: "radio", name: "scope", value });
    input.checked = value === (preset?.scope ?? "origin");
    return element("label", { class: "check" }, input, element("span", {}, words[0]?.toUpperCase() + words.slice(1)));
  });
  const sizes = /** @type {[string, string, string, string, number][]} */ ([
    ["width", "Width", "320", "3840", preset?.width ?? 0], ["height", "Height", "240", "2160", preset?.height ?? 0], ["scale", "Scale", "1", "3", preset?.scale ?? 0],
  ]).map(([id, words, min, max, value]) => element("div", { class: "field" }, element("label", { for: "preset-" + id }, words),
    element("input", { id: "preset-" + id, name: id, type: "number", min, max, step: id === "scale" ? "0.25" : "1", value: value ? String(value) : "", placeholder: "default" })));
  const place = element("div");
  const ok = element("button", { class: "button primary", type: "submit" }, "Save and check");
  const cancel = element("button", { class: "button", type: "button" }, "Cancel");
  const form = element("form", { class: "form-grid" },
    element("h2", { id: "preset-title" }, preset ? "Change the preset" : "Add a preset"),
    element("div", { class: "field" }, element("label", { for: "preset-name" }, "Name, as people see it in the call"), name),
    element("div", { class: "field" }, element("label", { for: "preset-address" }, "Address"), address,
      element("p", { class: "hint", id: "preset-address-hint" }, "The https address of a page that carries the script tag.")),
    element("fieldset", {}, element("legend", {}, "The page may lead to"), ...choices),
    element("fieldset", {}, element("legend", {}, "Size of the shared page, in CSS pixels"), element("div", { class: "sizes" }, ...sizes)),
    place, element("div", { class: "actions" }, cancel, ok));
  const dialog = element("dialog", { class: "dialog", "aria-labelledby": "preset-title" }, form);
  const number = (/** @type {string} */ id) => Number(/** @type {HTMLInputElement} */ (form.elements.namedItem(id)).value) || 0;
  form.addEventListener("submit", (e) => {
    e.preventDefault();
    ok.textContent = "Checking the page…";
    void doing(ok, place, async () => {
      await save({ name: name.value, address: address.value, scope: new FormData(form).get("scope"), width: number("width"), height: number("height"), scale: number("scale") });
      dialog.close();
    }).finally(() => (ok.textContent = "Save and check"));
  });
  cancel.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    dialog.remove();
    opener.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  name.focus();
}
