// The geometry of marks. Points are page CSS pixels.

/** How long a fading mark stays after it was finished, and how long it then takes to go: together the server's MarkFadeSeconds. */
export const FADE_AFTER = 5000;
export const FADE_TIME = 1000;

/** How far a pointer must move, in CSS pixels of the screen, before a point is worth sending. */
const MIN_STEP = 1.5;

/** @typedef {[number, number]} Point */

/**
 * pathOf returns the SVG path of a stroke: smooth through the middles between its points; a dot for a single one.
 * @param {readonly Point[]} points
 */
export function pathOf(points) {
  const [first, ...rest] = points;
  if (!first) return "";
  if (rest.length === 0) return `M${first[0]} ${first[1]}l0 0.01`;
  let path = `M${first[0]} ${first[1]}`;
  let previous = first;
  for (const point of rest) {
    path += `Q${previous[0]} ${previous[1]} ${shorten((previous[0] + point[0]) / 2)} ${shorten((previous[1] + point[1]) / 2)}`;
    previous = point;
  }
  return path + `L${previous[0]} ${previous[1]}`;
}

/**
 * farEnough tells whether a point is worth adding to a stroke.
 * @param {Point | undefined} last
 * @param {Point} point
 * @param {number} scale CSS pixels of the screen per page pixel
 */
export function farEnough(last, point, scale) {
  return !last || Math.hypot(point[0] - last[0], point[1] - last[1]) * scale >= MIN_STEP;
}

/**
 * ringAt returns the points of a ring around a point: the mark that the keyboard makes.
 * @param {Point} centre
 * @param {number} radius
 * @returns {Point[]}
 */
export function ringAt([x, y], radius) {
  return Array.from({ length: 33 }, (_, i) => {
    const angle = (i / 32) * 2 * Math.PI;
    return /** @type {Point} */ ([shorten(x + radius * Math.cos(angle)), shorten(y + radius * Math.sin(angle))]);
  });
}

/** @param {number} v */
function shorten(v) {
  return Math.round(v * 100) / 100;
}
