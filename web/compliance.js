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
  const way = element("nav", { "aria-label": "Where you are" }, crumbs);
  let turn = 0;

  /** @param {boolean} first whether the page was just opened: then the focus stays where it is */
  const show = async (first) => {
    const mine = ++turn;
    const where = new URLSearchParams(location.hash.slice(1));
    const client = where.get("client"), record = where.get("record");
    search.root.hidden = client !== null || record !== null;
    way.hidden = place.hidden = !search.root.hidden;
    if (!search.root.hidden) {
      document.title = "Compliance · Binnacle";
      place.replaceChildren();
      await search.search();
      if (!first) search.focus();
      return;
    }
    crumbs.replaceChildren(crumb("Clients", "#"));
    place.replaceChildren(busy("Loading…"));
    try {
      const known = client ? await api.call("GET", "/clients/" + encodeURIComponent(client)) : null;
      const view = record ? await RecordView.load(api, record) : await activities(api, known);
      if (mine !== turn) return;
      if (known) crumbs.append(crumb(known.name, record ? "#client=" + encodeURIComponent(known.id) : ""));
      if (record) crumbs.append(crumb("Record of a call", ""));
      document.title = `${view.title} · Compliance · Binnacle`;
      place.replaceChildren(view.root);
      const title = /** @type {HTMLElement | null} */ (view.root.querySelector("h2"));
      if (!first && title) {
        title.tabIndex = -1;
        title.focus();
      }
    } catch (err) {
      if (mine === turn) place.replaceChildren(problem(asFailure(err)));
    }
  };
  addEventListener("hashchange", () => void show(false));
  void show(true);
  return [element("h1", {}, "Compliance"), way, search.root, place];
});

/**
 * @param {string} name
 * @param {string} href "" is where one is
 */
function crumb(name, href) {
  return element("li", {}, href ? element("a", { href }, name) : element("span", { "aria-current": "page" }, name));
}
