// The last part of the agent: listens everywhere, and offers Go what it needs. Binnacle's guest in every frame of the page, in an
// isolated world: no network, no storage, one global, and nothing of it can be seen or called by the page.

const LISTENERS = [
  [STAMPED, stamped], [TEXTUAL, textual], [['mousedown'], onMouseDown], [['mouseup'], onMouseUp], [['keydown'], onKeyDown],
  [['click'], onClick], [['input'], onInput], [['change'], onChange], [['focusout'], onFocusOut], [['submit'], onSubmit],
  [['formdata'], onFormData], [['reset'], onReset], [['invalid'], onInvalid],
  [['pointerdown', 'focusin', 'keydown'], meetRoots], [['scroll', 'input', 'focusin', 'focusout', 'load', 'transitionend', 'toggle'], () => dirty()],
].map(([types, f]) => {
  // Shadow roots hear an event after the window did, and a closed root's event shows its target only inside: each once per target.
  const seen = new WeakMap();
  return [types, guarded(event => {
    const el = event.composedPath()[0];
    if (seen.get(event) === el) return;
    seen.set(event, el);
    f(event);
  })];
});

function listenTo(at) {
  for (const [types, f] of LISTENERS) for (const type of types) EventTarget.prototype.addEventListener.call(at, type, f, { capture: true, passive: true });
}

// listen is repeated at each comparison: document.open() takes all listeners away, and adding one twice is nothing.
function listen() {
  listenTo(window);
}

// dirty tells that the page may look or mean something else now; at most ten times a second, the last one never lost.
let lastDirty = 0, dirtyLater = 0;

function dirty() {
  if (dirtyLater) return;
  const wait = lastDirty + 100 - performance.now();
  if (wait <= 0) {
    lastDirty = performance.now();
    emit({ k: 'dirty' });
  } else dirtyLater = setTimeout(() => {
    dirtyLater = 0;
    lastDirty = performance.now();
    emit({ k: 'dirty' });
  }, wait);
}

const watch = new MutationObserver(guarded(records => {
  let reopened = false;
  for (const record of records) {
    if (record.type === 'attributes') wasSecret(record.target, record.attributeName, record.oldValue);
    for (const node of record.addedNodes) {
      if (!isElement(node)) continue;
      grown = true;
      openRoots(node);
      const root = rootOf(node);
      if (root !== document || !isCovered) cover(root, node);
    }
    if (record.target === document) reopened = true;
  }
  dirty();
  if (reopened) compare(false);
  else soon();
}));

function addRoot(root) {
  if (roots.has(root)) return false;
  roots.add(root);
  if (root !== document && root.mode === 'closed') closedHosts.add(root.host);
  if (!hooked.has(root)) {
    hooked.add(root);
    if (root !== document) listenTo(root);
    watch.observe(root, { subtree: true, childList: true, attributes: true, characterData: true, attributeOldValue: true });
  }
  // Controls that are here before we are have their state for their own; but what a person is just typing in counts.
  const focus = root === document ? null : activeIn(root);
  for (const el of all(root, CONTROLS)) {
    const k = kind(el);
    if (!k || k === 'button' || known.has(el)) continue;
    secret(el);
    if (el === focus && !claimed && Date.now() - stamp < 1000 && touchedByHand(el, k)) changed(el, k, stamp, k === 'text' || k === 'edit');
    else known.set(el, state(el, k));
  }
  for (const el of all(root, '*')) openRoot(el);
  cover(root, root);
  return true;
}

function touchedByHand(el, k) {
  if (k === 'text') return el.value !== el.defaultValue;
  return (k === 'check' || k === 'radio') && el.checked !== el.defaultChecked;
}

// lookAround finds open roots that were attached to elements after they came: nothing tells of that. 8 ms for 17,000 elements
// (2026-11-22), so only on a page that grows, and for one part in a hundred of the time.
let grown = true, lookAgain = 0;

function lookAround() {
  if (!grown) return;
  const began = performance.now();
  if (began < lookAgain) return soon();
  grown = false;
  for (const root of [...roots]) for (const el of all(root, '*')) if (getShadow.call(el)) addRoot(getShadow.call(el));
  lookAgain = began + Math.max(500, 100 * (performance.now() - began));
}

function openRoots(el) {
  openRoot(el);
  for (const inner of all(el, '*')) openRoot(inner);
}

// openRoot takes an element's root, or looks for it before each paint for a while: custom elements get theirs when they are defined.
const upcoming = new Map();
let looking = false;

function openRoot(el) {
  const root = getShadow.call(el);
  if (root) addRoot(root);
  else if (local(el).includes('-') && upcoming.size < 2000) {
    upcoming.set(el, performance.now() + 5000);
    if (!looking) requestAnimationFrame(expectRoots);
    looking = true;
  }
}

const expectRoots = guarded(() => {
  const now = performance.now();
  for (const [el, end] of upcoming) {
    const root = getShadow.call(el);
    if (root) addRoot(root);
    if (root || now > end) upcoming.delete(el);
  }
  looking = upcoming.size > 0;
  if (looking) requestAnimationFrame(expectRoots);
});

// wasSecret covers a control that a page just turned from secret to plain ("show password"), before it is painted.
const formerly = new Set(), hushed = new WeakSet();

function wasSecret(el, name, old) {
  if (name === 'type' && old?.toLowerCase() === 'password' && local(el) === 'input') once.add(el);
  else if (!(once.has(el) && (name === 'autocomplete' || name.startsWith('data-binnacle-')))) return;
  if (!hushed.has(el)) {
    hushed.add(el);
    formerly.add(new WeakRef(el));
  }
  if (local(el) === 'input' || local(el) === 'textarea') el.style.setProperty('-webkit-text-security', 'disc', 'important');
}

// The document's secrets are covered by a sheet that the page cannot see (snapshot_cover.go). It comes a little later than the
// document, and it does not reach into shadow roots: there, and till then, ours covers what needs it.
let sheet = null, isCovered = false;

function cover(root, within) {
  if (root === document && isCovered) return;
  const inputs = 'input,textarea,select,[data-binnacle-mask],[data-binnacle-block]';
  const needs = el => (local(el) !== 'input' || el.type !== 'password') && (attr(el, 'data-binnacle-block') !== null || secret(el));
  if (!(isElement(within) && Element.prototype.matches.call(within, inputs) && needs(within)) && !Array.from(all(within, inputs)).some(needs)) return;
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(COVER);
  }
  const sheets = getSheets(root);
  if (!sheets.includes(sheet)) setSheets(root, [...sheets, sheet]);
}

function covered() {
  isCovered = true;
  if (sheet) setSheets(document, getSheets(document).filter(other => other !== sheet));
}

// meetRoots finds shadow roots that were attached late (open ones are in the path) and tells Go of hosts that may have a closed one.
const askedAbout = new WeakSet();

function meetRoots(event) {
  if (!event.isTrusted) return;
  const path = event.composedPath(), el = path[0];
  for (const node of path) if (isRoot(node)) addRoot(node);
  if (!isElement(el) || askedAbout.has(el) || closedHosts.has(el) || getShadow.call(el) || kind(el)) return;
  if (!local(el).includes('-') && (activeIn(document) !== el || el === document.body || attr(el, 'tabindex') !== null || attr(el, 'href') !== null)) return;
  askedAbout.add(el);
  emit({ k: 'host', e: { k: number(el) } });
}

function deepActive() {
  let el = activeIn(document);
  for (let more = true; el && more;) {
    more = false;
    for (const root of roots) {
      if (isRoot(root) && root.host === el && activeIn(root)) {
        el = activeIn(root);
        more = true;
      }
    }
  }
  return el;
}

// tag finds the co-browsing script tag: a script element whose path ends in /tag/{version}/binnacle.js.
function tag() {
  for (const el of all(document, 'script[src]')) {
    let path = '';
    try {
      path = new URL(attr(el, 'src'), getBase.call(document)).pathname;
    } catch {
      continue;
    }
    const found = /\/tag\/([0-9A-Za-z.+-]{1,40})\/binnacle\.js$/.exec(path);
    if (found) return { version: found[1], integrity: plain(attr(el, 'integrity'), 200) };
  }
  return null;
}

Object.defineProperty(globalThis, '__binnacle', {
  value: Object.freeze({
    settle: guarded(() => compare(true)),
    node: n => nodes.get(n)?.deref() ?? null,
    addRoot: guarded(node => isRoot(rootOf(node)) && addRoot(rootOf(node))),
    secrets: () => [...formerly].map(ref => ref.deref()).filter(el => el && getConnected.call(el)).map(number),
    covered: guarded(covered),
    tag,
  }),
});

const start = guarded(() => {
  listen();
  addRoot(document);
  dirty();
});
start();
for (const type of ['DOMContentLoaded', 'load', 'pageshow']) window.addEventListener(type, guarded(() => {
  compare(false);
  dirty();
}), true);
window.addEventListener('resize', guarded(dirty));
