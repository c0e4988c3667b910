import { element } from "./element.js";
import { date, duration } from "./moment.js";

/**
 * activities lists the calls with co-browsing that a client took part in, newest first.
 * @param {import("./api.js").API} api
 * @param {{id: string, name: string, email: string}} client
 */
export async function activities(api, client) {
  const all = await api.all(`/clients/${encodeURIComponent(client.id)}/activities`);
  const list = element("ul", { class: "choices", "aria-label": `Activities of ${client.name}` }, ...all.map((a) => element("li", { class: "choice" },
    element("div", { class: "row" }, element("a", { href: `#client=${encodeURIComponent(client.id)}&record=${encodeURIComponent(a.session)}` }, a.call.title || "Call"), status(a)),
    element("div", { class: "parts muted small" }, date(a.opened), a.closed && element("span", {}, duration(a.opened, a.closed)), element("span", {}, a.preset.name)),
    element("div", { class: "muted small" }, a.participants.map((/** @type {any} */ p) => p.name).join(", ")))));
  return {
    root: element("section", { class: "stack", "aria-labelledby": "client-title" },
      element("div", {}, element("h2", { id: "client-title" }, client.name), element("p", { class: "parts muted" }, client.email && element("span", {}, client.email), element("span", {}, client.id))),
      all.length ? list : element("div", { class: "card empty" }, element("h3", {}, "No co-browsing yet"), element("p", {}, "This client took part in no call in which a page was co-browsed."))),
    title: client.name,
  };
}

/**
 * status is a badge for what is special about a record.
 * @param {{closed: string | null, interrupted: boolean, failed: boolean}} record
 */
export function status(record) {
  if (record.interrupted) return element("span", { class: "badge warning" }, "Interrupted");
  if (record.failed) return element("span", { class: "badge danger" }, "Log failed");
  return record.closed ? null : element("span", { class: "badge accent" }, "Running");
}
