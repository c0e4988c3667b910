import { copyButton } from "./console.js";
import { element, setText } from "./element.js";

/**
 * scriptTag shows the line that a co-browsable page carries, for a chosen version, to copy.
 * @param {import("./api.js").API} api
 */
export async function scriptTag(api) {
  const versions = /** @type {{version: string, line: string, recommended: boolean, supported: boolean}[]} */ (await api.all("/script-tag"));
  const line = element("code", { class: "code", id: "tag-line" });
  const note = element("p", { class: "small muted", role: "status" });
  const choice = element("select", { id: "tag-version" }, ...versions.map((v, i) =>
    element("option", { value: String(i) }, v.version + (v.recommended ? " (recommended)" : v.supported ? "" : " (not supported any more)"))));
  const copy = copyButton("Copy the line", line);
  const show = () => {
    const v = versions[Number(choice.value)];
    setText(line, v?.line ?? "");
    setText(note, v?.supported ? "A version never changes: its integrity hash is part of the line." : "Pages with this version cannot be co-browsed. Replace its line with that of the recommended version.");
    copy.clear();
  };
  choice.addEventListener("change", show);
  show();
  return element("section", { "aria-labelledby": "tag-title" }, element("h2", { id: "tag-title" }, "Script tag"),
    element("p", {}, "Every page that is co-browsed carries this line in its head or body. It marks the page; it sends and stores nothing."),
    element("div", { class: "card stack" }, element("div", { class: "field narrow" }, element("label", { for: "tag-version" }, "Version"), choice), line, note, copy.root));
}
