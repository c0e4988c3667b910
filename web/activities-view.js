import { date, duration } from "./console.js";
import { element } from "./element.js";

/**
 * activities lists the calls with co-browsing that a client took part in, newest first.
 * @param {import("./api.js").API} api
 * @param {{id: string, name: string, email: string}} client
 */
export async function activities(api, client) {
  const all = await api.all(`/clients/${encodeURIComponent(client.id)}/activities`);
  const list = element("ul", { class: "choices", "aria-label": `Activities of ${client.name}` }, ...all.map((a) => element("li", {},
    element("a", { class: "choice", href: `#client=${encodeURIComponent(client.id)}&record=${encodeURIComponent(a.session)}` },
      element("strong", {}, a.call.title || "Call"),
      element("span", { class: "row muted small" }, date(a.opened), a.closed && element("span", {}, duration(a.opened, a.closed)), element("span", {}, a.preset.name), status(a)),
      element("span", { class: "muted small" }, a.participants.map((/** @type {any} */ p) => p.name).join(", "))))));
  return {
    root: element("section", { class: "stack", "aria-labelledby": "client-title" },
      element("h2", { id: "client-title" }, client.name), element("p", { class: "muted" }, [client.email, client.id].filter(Boolean).join(" · ")),
      all.length ? list : element("div", { class: "card empty" }, element("h3", {}, "No co-browsing yet"), element("p", {}, "This client took part in no call in which a page was co-browsed."))),
  };
}

/**
 * status is a badge for what is special about a record.
 * @param {{closed: string | null, interrupted: boolean}} record
 */
export function status(record) {
  if (record.interrupted) return element("span", { class: "badge warning" }, "Interrupted");
  return record.closed ? null : element("span", { class: "badge accent" }, "Running");
}
