import { asFailure, busy, problem, signedIn } from "./console.js";
import { activities } from "./activities-view.js";
import { ClientSearch } from "./client-search.js";
import { element } from "./element.js";
import { RecordView } from "./record-view.js";

const main = /** @type {HTMLElement} */ (document.querySelector("main"));

/** The way through the page is in the address (#client=…&record=…): it can be bookmarked, and Back works. No key is in it. */
void signedIn(main, "/clients?limit=1", (api) => {
  const search = new ClientSearch(api);
  const place = element("div", { class: "stack" });
  const crumbs = element("ol", { class: "crumbs" });
  let turn = 0;
  const show = async () => {
    const mine = ++turn;
    const where = new URLSearchParams(location.hash.slice(1));
    const client = where.get("client"), record = where.get("record");
    search.root.hidden = client !== null || record !== null;
    crumbs.hidden = !search.root.hidden;
    if (crumbs.hidden) {
      place.replaceChildren();
      await search.search();
      return;
    }
    place.replaceChildren(busy("Loading…"));
    try {
      const known = client ? await api.call("GET", "/clients/" + encodeURIComponent(client)) : null;
      const view = record ? await RecordView.load(api, record) : await activities(api, known);
      if (mine !== turn) return;
      crumbs.replaceChildren(element("li", {}, element("a", { href: "#" }, "Clients")),
        known && element("li", {}, record ? element("a", { href: "#client=" + encodeURIComponent(known.id) }, known.name) : element("span", { "aria-current": "page" }, known.name)) || "",
        record ? element("li", {}, element("span", { "aria-current": "page" }, "Record of a call")) : "");
      place.replaceChildren(view.root);
      const title = /** @type {HTMLElement | null} */ (view.root.querySelector("h2"));
      if (title) {
        title.tabIndex = -1;
        title.focus();
      }
    } catch (err) {
      if (mine === turn) place.replaceChildren(problem(asFailure(err)));
    }
  };
  addEventListener("hashchange", () => void show());
  void show();
  return [element("h1", {}, "Compliance"), element("nav", { "aria-label": "Where you are" }, crumbs), search.root, place];
});
