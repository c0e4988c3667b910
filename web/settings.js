import { signedIn } from "./console.js";
import { element } from "./element.js";
import { Keys } from "./keys-view.js";
import { Presets } from "./presets-view.js";
import { scriptTag } from "./tag-view.js";

const main = /** @type {HTMLElement} */ (document.querySelector("main"));

void signedIn(main, "/presets?limit=1", async (api) => {
  const presets = new Presets(api);
  const keys = new Keys(api);
  const [tag] = await Promise.all([scriptTag(api), presets.load(), keys.load()]);
  return [element("h1", {}, "Settings"), presets.root, tag, keys.root];
});
