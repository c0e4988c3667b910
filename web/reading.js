// How a node of the page's meaning is read: which element it becomes and what is said.

/** @typedef {import("./wire.js").MirrorNode} MirrorNode */

/** What a control is called, in plain words. A control's own children add nothing to its name. */
/** @type {Record<string, string>} */
const controls = {
  button: "button",
  checkbox: "checkbox",
  colorwell: "colour field",
  combobox: "choice",
  date: "date field",
  datetime: "date and time field",
  link: "link",
  menuitem: "menu item",
  menuitemcheckbox: "menu item",
  menuitemradio: "menu item",
  option: "option",
  progressbar: "progress",
  meter: "meter",
  radio: "radio button",
  scrollbar: "scroll bar",
  searchbox: "search field",
  slider: "slider",
  spinbutton: "number field",
  switch: "switch",
  tab: "tab",
  textbox: "text field",
  time: "time field",
};

/** Groups that are worth a word. */
/** @type {Record<string, string>} */
const groups = {
  alert: "Alert",
  alertdialog: "Dialog",
  banner: "Banner",
  complementary: "Aside",
  contentinfo: "Footer",
  dialog: "Dialog",
  figure: "Figure",
  form: "Form",
  group: "Group",
  iframe: "Frame",
  listbox: "List of choices",
  main: "Main content",
  menu: "Menu",
  menubar: "Menu bar",
  navigation: "Navigation",
  radiogroup: "Choices",
  region: "Region",
  search: "Search",
  status: "Status",
  tablist: "Tabs",
  tabpanel: "Tab",
  toolbar: "Tools",
  tree: "Tree",
};

/** Roles that stand for themselves: the element, and whether the accessible name repeats what the children say. */
/** @type {Record<string, string>} */
const structure = {
  article: "article",
  blockquote: "blockquote",
  cell: "cell",
  code: "code",
  columnheader: "columnheader",
  definition: "definition",
  deletion: "deletion",
  emphasis: "emphasis",
  gridcell: "cell",
  heading: "heading",
  insertion: "insertion",
  list: "list",
  listitem: "listitem",
  paragraph: "paragraph",
  row: "row",
  rowgroup: "rowgroup",
  rowheader: "rowheader",
  strong: "strong",
  table: "table",
  grid: "table",
  term: "term",
};

const INLINE = new Set(["code", "deletion", "emphasis", "insertion", "strong"]);

/**
 * @typedef {object} Reading
 * @property {"div" | "span" | "p"} tag
 * @property {string} role ARIA role of the element, or ""
 * @property {string} label aria-label, or ""
 * @property {number} level of a heading, or 0
 * @property {string} text
 * @property {boolean} children whether the node's children are read too
 * @property {string} look class
 */

/**
 * readingOf tells how a node is read.
 * @param {MirrorNode} node
 * @returns {Reading}
 */
export function readingOf(node) {
  const role = String(node.role ?? "").toLowerCase();
  const name = clean(node.name);
  const has = (node.children?.length ?? 0) > 0;
  /** @type {Reading} */
  const reading = { tag: "div", role: "", label: "", level: 0, text: "", children: has, look: "" };
  const control = controls[role];
  if (control) return { ...reading, text: sentence(node, name, control), children: false, look: "control" };
  if (role === "text" || role === "statictext") return { ...reading, tag: "span", text: name, children: false };
  if (role === "img" || role === "image" || role === "graphics-document") return { ...reading, tag: "span", text: name ? `${name}, image` : "", children: has, look: "control" };
  if (role === "separator" || role === "linebreak") return { ...reading, children: false };
  const own = structure[role];
  if (own) {
    const text = has ? states(node).join(", ") : [name, ...states(node)].filter(Boolean).join(", ");
    const level = own === "heading" ? Math.min(6, Math.max(1, Math.trunc(node.level ?? 2))) : 0;
    return { ...reading, tag: INLINE.has(own) ? "span" : own === "paragraph" ? "p" : "div", role: own === "paragraph" || INLINE.has(own) ? "" : own, level, text };
  }
  const group = groups[role];
  if (group && (name || has)) return { ...reading, role: "group", label: name ? `${group}: ${name}` : group, text: has ? "" : name };
  return { ...reading, text: has ? "" : name };
}

/**
 * sentence is what is said of a control: "Full name, text field, required: Ada".
 * @param {MirrorNode} node
 * @param {string} name
 * @param {string} control
 */
function sentence(node, name, control) {
  const said = [name, node.secret ? "protected " + control : control, ...states(node)].filter(Boolean).join(", ");
  const value = node.secret ? "" : clean(node.value);
  const description = clean(node.description);
  return said + (value ? ": " + value : "") + (description && description !== name ? `. ${description}` : "");
}

/** @param {MirrorNode} node */
function states(node) {
  const said = [];
  if (node.checked) said.push({ true: "checked", false: "not checked", mixed: "partly checked" }[node.checked] ?? "");
  if (node.expanded) said.push(node.expanded === "true" ? "expanded" : "collapsed");
  if (node.selected) said.push("selected");
  if (node.required) said.push("required");
  if (node.invalid) said.push("invalid");
  if (node.disabled) said.push("unavailable");
  if (node.focused) said.push("has the focus");
  return said.filter(Boolean);
}

/** @param {unknown} text */
function clean(text) {
  return typeof text === "string" ? text.slice(0, 10000).trim() : "";
}
