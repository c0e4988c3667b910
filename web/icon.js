// The drawings of the pages, 24 × 24, stroked with the text's colour. They live in a script because a strict
// Content-Security-Policy, forced colours and another origin's page all agree with elements, and not with files.

const SVG = "http://www.w3.org/2000/svg";

/** @type {Record<string, string>} */
const drawings = {
  alert: "M12 4 2.8 20h18.4zM12 10v4.5M12 17.2v.3",
  back: "M19 12H5M11 6l-6 6 6 6",
  check: "M5 12.5l4.5 4.5L19 7.5",
  close: "M6 6l12 12M18 6L6 18",
  compass: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM15.8 8.2l-2.3 5.3-5.3 2.3 2.3-5.3z",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  download: "M12 4v11M7.5 10.5 12 15l4.5-4.5M5 20h14",
  eraser: "M8.5 20 3.7 15.2a2 2 0 0 1 0-2.8l8.2-8.2a2 2 0 0 1 2.8 0l5.1 5.1a2 2 0 0 1 0 2.8L12 20zM8.2 8.4l8 8M8.5 20H21",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z",
  forward: "M5 12h14M13 6l6 6-6 6",
  info: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v5.5M12 7.5v.3",
  keyboard: "M3 6h18v12H3zM7 10h.1M10.5 10h.1M14 10h.1M17.3 10h.1M7 14h10",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  marker: "M4 20l1.2-4.6L16 4.6a2 2 0 0 1 2.8 0l.6.6a2 2 0 0 1 0 2.8L8.6 18.8zM14 6.6l3.4 3.4",
  people: "M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 19.5c.6-3.4 3.2-5 6.5-5s5.9 1.6 6.5 5M16 5a3.3 3.3 0 0 1 0 6.3M18.2 14.8c1.8.8 3 2.4 3.3 4.7",
  reload: "M20 11.5a8 8 0 1 0-2.1 6M20 5v6.5h-6.5",
  screen: "M3 5h18v11.5H3zM9 20.5h6M12 16.5v4",
  search: "M11 4.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM16 16l4.5 4.5",
  settings: "M4 7h9M17 7h3M4 17h3M11 17h9M15 4.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5zM9 14.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z",
  steer: "M5 3.5l14.5 8-6.4 1.7-3.2 5.9z",
  stop: "M6.5 6.5h11v11h-11z",
};

/**
 * icon returns the drawing of that name. It is hidden from assistive technology: the text beside it, or aria-label, names the thing.
 * @param {string} name
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", drawings[name] ?? "");
  svg.append(path);
  return svg;
}
