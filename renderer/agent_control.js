// Part 2 of the agent: controls. What an element is, what state it has, whether it is secret, what it is called.

const MAX_NAME = 200, MAX_OPTIONS = 50, MAX_OPTION = 120, MAX_FILES = 50, MAX_FILE = 255, MAX_MESSAGE = 300;

// Everything whose state a difference can find.
const CONTROLS = 'input,select,textarea,[contenteditable]:not([contenteditable="false" i]),[role=checkbox],[role=switch],[role=radio],' +
  '[role=menuitemcheckbox],[role=menuitemradio],[role=slider],[role=spinbutton]';
const VALUES = new Set(['date', 'time', 'datetime-local', 'month', 'week', 'color', 'range']);
const BUTTONS = new Set(['button', 'submit', 'reset', 'image']);
const TOGGLES = new Set(['checkbox', 'switch', 'radio', 'menuitemcheckbox', 'menuitemradio']);
const PRESSED = new Set(['button', 'tab', 'menuitem', 'treeitem']);

const role = el => (attr(el, 'role') || '').trim().split(/\s+/)[0].toLowerCase();

// kind is text, edit, check, radio, select, value, file, button, toggle, gauge, or '' for what is no control.
function kind(el) {
  const r = role(el);
  switch (local(el)) {
    case 'input': {
      const type = el.type;
      if (type === 'hidden') return '';
      if (type === 'checkbox') return 'check';
      if (type === 'radio' || type === 'file') return type;
      return BUTTONS.has(type) ? 'button' : VALUES.has(type) ? 'value' : 'text';
    }
    case 'textarea': return 'text';
    case 'select': return 'select';
    case 'button': return TOGGLES.has(r) ? 'toggle' : r === 'option' ? '' : 'button';
    case 'summary': return 'button';
  }
  if (TOGGLES.has(r)) return 'toggle';
  if (editable(el)) return 'edit';
  if (r === 'slider' || r === 'spinbutton') return 'gauge';
  return PRESSED.has(r) ? 'button' : '';
}

// editHost is the element that the contenteditable attribute stands on.
function editHost(el) {
  while (editable(el)) {
    const up = parent(el);
    if (!up || !editable(up)) return el;
    el = up;
  }
  return el;
}

function state(el, k) {
  switch (k) {
    case 'text': case 'value': return hash(el.value);
    case 'edit': return hash(getText.call(el));
    case 'check': case 'radio': return el.checked;
    case 'select': return Array.from(el.selectedOptions, o => o.index).join();
    case 'file': return Array.from(el.files || [], f => f.name + '/' + f.size).join('//');
    case 'toggle': return attr(el, 'aria-checked') === 'true';
    case 'gauge': return hash((attr(el, 'aria-valuenow') || '') + '/' + (attr(el, 'aria-valuetext') || ''));
  }
}

// once remembers secrets: a page that shows a password turns its type to text, and it stays secret.
const once = new WeakSet();

function under(el, name) {
  for (let at = el; at; at = parent(at)) if (attr(at, name) !== null) return true;
  return false;
}

const masked = el => !!el && (under(el, 'data-binnacle-mask') || under(el, 'data-binnacle-block'));

function secret(el) {
  if (once.has(el)) return true;
  const words = (attr(el, 'autocomplete') || '').toLowerCase().split(/\s+/);
  const is = (local(el) === 'input' && el.type === 'password') || masked(el) ||
    words.some(w => w.startsWith('cc-') || w === 'one-time-code' || w === 'current-password' || w === 'new-password');
  if (is) once.add(el);
  return is;
}

// Elements have numbers for as long as they live, so that Go can ask for one and tell two apart.
const numbers = new WeakMap();
const nodes = new Map();
let lastNumber = 0;

function number(el) {
  let n = numbers.get(el);
  if (!n) {
    n = ++lastNumber;
    numbers.set(el, n);
    nodes.set(n, new WeakRef(el));
    if (nodes.size % 1000 === 0) for (const [key, ref] of nodes) if (!ref.deref()) nodes.delete(key);
  }
  return n;
}

// labelsOf lists what labels an element: aria-labelledby, else its label elements.
function labelsOf(el) {
  const by = (attr(el, 'aria-labelledby') || '').split(/\s+/).map(id => byID(rootOf(el), id)).filter(Boolean);
  return by.length || isForm(el) ? by : [...(el.labels || [])];
}

const labelText = el => plain(labelsOf(el).filter(by => !masked(by)).map(by => visibleText(by, MAX_NAME)).join(' '), MAX_NAME);

const IMPLICIT = { text: 'textbox', edit: 'textbox', check: 'checkbox', radio: 'radio', button: 'button' };

function implicitRole(el, k) {
  if (isForm(el)) return 'form';
  if (k === 'select') return el.multiple || el.size > 1 ? 'listbox' : 'combobox';
  if (k === 'value') return el.type === 'range' ? 'slider' : '';
  if (k === 'text' && local(el) === 'input') {
    if (attr(el, 'list') !== null) return 'combobox';
    if (el.type === 'number') return 'spinbutton';
    if (el.type === 'search') return 'searchbox';
  }
  return IMPLICIT[k] || '';
}

// describe names an element. Chrome computes the accessible name (agent_name.go asks for it by the number), unless masked text may be
// part of it (x): then what is read here must do, which leaves masked text out.
function describe(el, k) {
  const form = isForm(el) ? el : el.form || nearestForm(el);
  const inMask = masked(parent(el)), content = k === 'button' || k === 'toggle' || k === '';
  let own = inMask ? '' : attr(el, 'aria-label');
  if (!own && content) own = local(el) === 'input' ? el.value || el.alt : masked(el) ? '' : visibleText(el, MAX_NAME);
  if (!own && !inMask) own = attr(el, 'placeholder') || attr(el, 'title');
  return {
    k: number(el), i: plain(attr(el, 'id'), MAX_NAME), n: plain(attr(el, 'name'), MAX_NAME),
    t: local(el) === 'input' ? el.type : plain(local(el), MAX_NAME), r: plain(role(el), 40) || implicitRole(el, k),
    l: k === 'button' ? '' : labelText(el), a: plain(own, MAX_NAME),
    f: form ? plain(attr(form, 'id') || attr(form, 'name'), MAX_NAME) : '', s: secret(el),
    x: inMask || (content && (masked(el) || holdsMasked(el))) || labelsOf(el).some(by => masked(by) || holdsMasked(by)),
  };
}

const holdsMasked = el => all(el, '[data-binnacle-mask],[data-binnacle-block]').length > 0;

function nearestForm(el) {
  for (let at = parent(el); at; at = parent(at)) if (isForm(at)) return at;
  return null;
}

function optionLabels(el) {
  const labels = Array.from(el.selectedOptions, o => plain(o.label || getText.call(o), MAX_OPTION));
  const more = labels.length - MAX_OPTIONS;
  return more > 0 ? [...labels.slice(0, MAX_OPTIONS), `… and ${more} more`] : labels;
}

function fileList(el) {
  const files = Array.from(el.files || [], f => ({ n: plain(f.name, MAX_FILE), b: f.size }));
  const rest = files.slice(MAX_FILES);
  return rest.length ? [...files.slice(0, MAX_FILES), { n: `… and ${rest.length} more`, b: rest.reduce((sum, f) => sum + f.b, 0) }] : files;
}

// validation is the browser's or the page's message without what was typed: Chrome quotes the value of an e-mail field, and
// names the neighbours of a number. Of a secret control only "fill in this field" is told, the others speak of its length.
function validation(el) {
  const why = el.validity, value = String(el.value ?? '');
  let text = plain(el.validationMessage, MAX_MESSAGE);
  if (!why || !text) return text;
  if (secret(el)) return why.valueMissing && !why.customError ? text : '';
  if (why.stepMismatch && !why.customError) return text.replace(/\d[\d.,:/T -]*/g, '…');
  text = text.replace(/(['"‘“«„])(.+?)(['"’”»“])/gu, (whole, open, quoted, close) => value.includes(quoted) && !/^[@.]$/.test(quoted) ? open + '…' + close : whole);
  return value.length > 2 && local(el) !== 'select' ? text.split(value).join('…') : text;
}
