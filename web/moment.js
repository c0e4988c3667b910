import { element } from "./element.js";

// Dates and times of the console's pages: in the reader's own time zone, which is named; the log has UTC.

const dates = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short" });
const days = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const times = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** zone names the time zone in which this page tells times. */
export function zone() {
  return times.resolvedOptions().timeZone.replaceAll("_", " ");
}

/** @param {string} iso */
export function date(iso) {
  return element("time", { datetime: iso }, dates.format(new Date(iso)));
}

/** @param {string} iso */
export function day(iso) {
  return element("time", { datetime: iso }, days.format(new Date(iso)));
}

/** @param {string} iso */
export function time(iso) {
  return element("time", { datetime: iso }, times.format(new Date(iso)));
}

/**
 * duration says how long something took.
 * @param {string} from
 * @param {string} to
 */
export function duration(from, to) {
  const s = Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000));
  if (s < 60) return `${s} s`;
  const min = Math.round(s / 60);
  return min < 60 ? `${min} min` : `${Math.floor(min / 60)} h ${min % 60} min`;
}
