/**
 * @typedef {string | number | boolean | null | undefined | ((event: any) => void)} Attribute
 * @typedef {Node | string | null | undefined | false} Child
 */

/**
 * element makes a DOM element. "class" and other names become attributes, true an empty one, false and null none; "on…" adds a
 * listener. Strings become text nodes, so nothing from a server or a page is ever read as markup.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, Attribute>} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function element(tag, attributes = {}, ...children) {
  const el = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") el.addEventListener(name.slice(2), value);
    else if (value === true) el.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) el.setAttribute(name, String(value));
  }
  for (const child of children) if (child || child === "") el.append(child);
  return el;
}

/**
 * setText changes an element's text only when it differs, so that nothing is read aloud twice.
 * @param {Element} el
 * @param {string} text
 */
export function setText(el, text) {
  if (el.textContent !== text) el.textContent = text;
}

/**
 * setAttribute changes an attribute only when it differs; null takes it away.
 * @param {Element} el
 * @param {string} name
 * @param {string | null} value
 */
export function setAttribute(el, name, value) {
  if (value === null) el.removeAttribute(name);
  else if (el.getAttribute(name) !== value) el.setAttribute(name, value);
}

/**
 * colourOf returns a participant's colour, or a safe one when it is not #rrggbb.
 * @param {string | undefined} colour
 */
export function colourOf(colour) {
  return colour && /^#[0-9a-f]{6}$/i.test(colour) ? colour : "#4d5b69";
}
