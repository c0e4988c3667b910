import { doing } from "./console.js";
import { element } from "./element.js";
import { clearFaults, showFaults } from "./field-faults.js";
import { openModal } from "./modal.js";
import { scopes } from "./presets-view.js";

/**
 * presetForm opens a dialog in which a preset is made or changed; saving it checks the page. The server alone judges the
 * fields, so that the API and this form say the same.
 * @param {import("./presets-view.js").Preset | null} preset
 * @param {() => void} closed as for openModal
 * @param {(fields: object) => Promise<void>} save
 */
export function presetForm(preset, closed, save) {
  const name = element("input", { id: "preset-name", name: "name", "aria-required": "true", value: preset?.name ?? "", autocomplete: "off" });
  const address = element("input", { id: "preset-address", name: "address", inputmode: "url", "aria-required": "true", value: preset?.address ?? "", autocomplete: "off", autocapitalize: "off", spellcheck: "false", "aria-describedby": "preset-address-hint" });
  const choices = Object.entries(scopes).map(([value, words]) => {
    const input = element("input", { type: "radio", name: "scope", value });
    input.checked = value === (preset?.scope ?? "origin");
    return element("label", { class: "check" }, input, element("span", {}, words.slice(0, 1).toUpperCase() + words.slice(1)));
  });
  const size = (/** @type {string} */ id, /** @type {string} */ words, /** @type {number} */ value) => element("div", { class: "field", "data-field": id },
    element("label", { for: "preset-" + id }, words),
    element("input", { id: "preset-" + id, name: id, inputmode: "decimal", autocomplete: "off", value: value ? String(value) : "", placeholder: "default", "aria-describedby": "preset-size-hint" }));
  const place = element("div");
  const ok = element("button", { class: "button primary", type: "submit" }, "Save and check");
  const cancel = element("button", { class: "button", type: "button" }, "Cancel");
  const form = element("form", { class: "form-grid", novalidate: true },
    element("h2", { id: "preset-title" }, preset ? "Change the preset" : "Add a preset"),
    element("div", { class: "field", "data-field": "name" }, element("label", { for: "preset-name" }, "Name, as people see it in the call"), name),
    element("div", { class: "field", "data-field": "address" }, element("label", { for: "preset-address" }, "Address"), address,
      element("p", { class: "hint", id: "preset-address-hint" }, "The https address of a page that carries the script tag, such as https://www.bank.example/open-account")),
    element("fieldset", { class: "field", "data-field": "scope" }, element("legend", {}, "The page may lead to"), ...choices),
    element("fieldset", {}, element("legend", {}, "Size of the shared page"),
      element("p", { class: "hint", id: "preset-size-hint" }, "In CSS pixels. Leave it empty unless the page needs it; a scale of 2 makes it sharper and heavier."),
      element("div", { class: "sizes" }, size("width", "Width", preset?.width ?? 0), size("height", "Height", preset?.height ?? 0), size("scale", "Scale", preset?.scale ?? 0))),
    place, element("div", { class: "actions" }, cancel, ok));
  const dialog = element("dialog", { class: "dialog", "aria-labelledby": "preset-title" }, form);
  form.addEventListener("submit", (e) => {
    e.preventDefault();
    void doing(ok, place, async () => {
      clearFaults(form);
      ok.textContent = "Checking the page…";
      await save(fieldsOf(new FormData(form)));
      dialog.close();
    }, (refusal) => showFaults(form, place, refusal)).finally(() => (ok.textContent = "Save and check"));
  });
  cancel.addEventListener("click", () => dialog.close());
  openModal(dialog, closed);
  name.focus();
}

/**
 * fieldsOf reads the form as the API wants it; a size that is no number becomes one that the server refuses in words.
 * @param {FormData} data
 */
export function fieldsOf(data) {
  const text = (/** @type {string} */ name) => String(data.get(name) ?? "").trim();
  const number = (/** @type {string} */ name) => {
    const n = Number(text(name).replace(",", "."));
    return Number.isFinite(n) ? n : -1;
  };
  return { name: text("name"), address: text("address"), scope: text("scope"), width: Math.round(number("width")), height: Math.round(number("height")), scale: number("scale") };
}
