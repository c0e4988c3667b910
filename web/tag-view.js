import { element, setText } from "./element.js";
import { icon } from "./icon.js";

/**
 * scriptTag shows the line that a co-browsable page carries, for a chosen version, to copy.
 * @param {import("./api.js").API} api
 */
export async function scriptTag(api) {
  const versions = /** @type {{version: string, line: string, recommended: boolean, supported: boolean}[]} */ (await api.all("/script-tag"));
  const line = element("code", { class: "code", id: "tag-line", tabindex: "0" });
  const note = element("p", { class: "small muted" });
  const choice = element("select", { id: "tag-version" }, ...versions.map((v, i) =>
    element("option", { value: String(i) }, v.version + (v.recommended ? " (recommended)" : v.supported ? "" : " (not supported any more)"))));
  const said = element("span", { role: "status", class: "muted" });
  const copy = element("button", { class: "button", type: "button" }, icon("copy"), element("span", {}, "Copy the line"));
  const show = () => {
    const v = versions[Number(choice.value)];
    setText(line, v?.line ?? "");
    setText(note, v?.supported ? "A version never changes: its integrity hash is part of the line." : "Pages with this version cannot be started. Replace it with the recommended one.");
    setText(said, "");
  };
  choice.addEventListener("change", show);
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(line.textContent ?? "");
      setText(said, "Copied.");
    } catch {
      getSelection()?.selectAllChildren(line);
      setText(said, "Copying was refused: the line is selected, press Ctrl+C.");
    }
  });
  show();
  return element("section", { "aria-labelledby": "tag-title" }, element("h2", { id: "tag-title" }, "Script tag"),
    element("p", {}, "Every page that is co-browsed carries this line in its head or body. It marks the page; it sends and stores nothing."),
    element("div", { class: "card stack" }, element("div", { class: "field" }, element("label", { for: "tag-version" }, "Version"), choice), line, note, element("div", { class: "row" }, copy, said)));
}
