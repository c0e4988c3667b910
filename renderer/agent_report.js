// Part 4 of the agent: reports. What happened to a control becomes one small message; what was typed never leaves, only its length.

const send = binnacleEmit;

function emit(message) {
  try {
    send(JSON.stringify(message));
  } catch {
    // the frame is going away
  }
}

const guarded = f => (...args) => {
  try {
    return f(...args);
  } catch {
    // a guest does not throw
  }
};

const known = new WeakMap();   // control -> state as reported
const typed = new Map();       // text control -> input of text that is not committed
const choosing = new Map();    // value control (slider, date) -> input that is changing it
const touched = new WeakMap(); // ARIA toggle or gauge -> { time, at } of the input that may change it
const fakes = new Map();       // "element action" -> report of an event that a script made
const messages = new WeakMap();
const roots = new Set();
const hooked = new WeakSet();
const closedHosts = new WeakSet();
let acted = null, submitting = null, resetting = null;

function report(el, k, action, cause, more) {
  if (cause && cause === stamp) claimed = true;
  emit({ k: 'form', a: action, c: cause || 0, e: describe(el, k), u: location.href.split(/[?#]/)[0].slice(0, 2000), w: plain(getTitle.call(document), MAX_NAME), ...more });
}

// tell reports the state that a control has now.
function tell(el, k, cause, partial) {
  const hush = secret(el), more = {};
  if (partial) more.p = true;
  switch (k) {
    case 'text': case 'edit': {
      const value = k === 'edit' ? getText.call(el) : el.value;
      if (!hush) more.n = codePoints(value);
      return report(el, k, value === '' ? 'cleared' : 'text_entered', cause, more);
    }
    case 'check': case 'radio': return report(el, k, el.checked ? 'checked' : 'unchecked', cause, more);
    case 'toggle': return report(el, k, state(el, k) ? 'checked' : 'unchecked', cause, more);
    case 'select':
      if (!hush) more.o = optionLabels(el);
      return report(el, k, 'option_chosen', cause, more);
    case 'file':
      if (!hush) more.f = fileList(el);
      return report(el, k, 'file_chosen', cause, more);
    default: return report(el, k, 'value_chosen', cause, more);
  }
}

// changed reports a control if its state is not the one that was reported.
function changed(el, k, cause, partial) {
  const now = state(el, k);
  if (known.has(el) && known.get(el) === now) return false;
  known.set(el, now);
  if (k === 'radio' && !now && groupChecked(el)) return false; // the one that was chosen is reported
  tell(el, k, cause, partial);
  return true;
}

function groupChecked(el) {
  const name = attr(el, 'name');
  if (!name) return false;
  for (const other of all(rootOf(el), `input[type=radio][name="${CSS.escape(name)}"]`)) if (other.checked && other.form === el.form) return true;
  return false;
}

function target(event) {
  const el = event.composedPath()[0];
  return isElement(el) ? (editable(el) ? editHost(el) : el) : null;
}

function onInput(event) {
  const el = target(event), k = el && kind(el);
  if (!k || k === 'button') return;
  const cause = causeOf(event, k);
  if (!cause) return soon();
  acted = el;
  if (k === 'value') choosing.set(el, cause);
  else if (k === 'text' || k === 'edit') {
    if (changed(el, k, cause, true)) typed.set(el, cause);
  } else changed(el, k, cause);
  dirty();
}

function onChange(event) {
  const el = target(event), k = el && kind(el);
  if (!k || k === 'button') return;
  if (k === 'text') {
    if (event.isTrusted && typed.has(el)) commit(el, k);
    else soon();
    return;
  }
  const cause = causeOf(event, k);
  if (!cause) return soon();
  choosing.delete(el);
  changed(el, k, cause);
  dirty();
}

// commit reports typed text as final. It is the last typist's, also when somebody else's click took the focus away.
function commit(el, k) {
  const cause = typed.get(el);
  typed.delete(el);
  known.set(el, state(el, k));
  tell(el, k, cause, false);
}

// An element that is edited as a whole has no change event. A field that got its old text back has none either.
function onFocusOut(event) {
  const el = target(event);
  if (!el || !typed.has(el)) return;
  if (kind(el) === 'edit') commit(el, 'edit');
  else typed.delete(el);
}

function fake(el, k, action, more) {
  if (fakes.size < 1000) fakes.set(number(el) + action, () => report(el, k, action, 0, more));
  soon();
}

function onSubmit(event) {
  const form = event.target;
  if (!isForm(form)) return;
  const by = event.submitter, more = isElement(by) ? { b: describe(by, kind(by)) } : {};
  if (!event.isTrusted) return fake(form, 'form', 'submitted', more);
  submitting = form;
  if (!live) taskEnds();
  report(form, 'form', 'submitted', live, more);
}

// form.submit() makes no submit event, only this one, and so does new FormData(form): Go tells them apart by the navigation.
function onFormData(event) {
  const form = event.target;
  if (event.isTrusted && isForm(form) && form !== submitting) report(form, 'form', 'formdata', live);
}

function onReset(event) {
  const form = event.target;
  if (!isForm(form)) return;
  if (!event.isTrusted) return fake(form, 'form', 'reset');
  report(form, 'form', 'reset', live);
  resetting = form;
  if (!live) taskEnds();
}

// A page may ask checkValidity() on each key: the same message again is reported only when somebody tries to go on.
function onInvalid(event) {
  const el = target(event);
  if (!el || !el.validity || !event.isTrusted) return;
  const message = validation(el), again = messages.get(el) === message;
  if (again && (!live || typedInto === el && lastKey !== 'Enter')) return;
  messages.set(el, message);
  report(el, kind(el), 'rejected', live, { m: message });
}

function settleReset() {
  const form = resetting;
  resetting = null;
  if (form) for (const el of getElements.call(form)) if (kind(el)) {
    known.set(el, state(el, kind(el)));
    typed.delete(el);
  }
}

// afterInput runs when the task of an input is over: what the page's handlers made of the control that was acted on is still
// that input's (a card number that formats itself), everything else is the script's.
function afterInput(cause) {
  settleReset();
  submitting = null;
  pressed.clear();
  const el = acted, k = el && kind(el);
  acted = null;
  if (k && k !== 'value' && known.has(el) && known.get(el) !== state(el, k)) {
    if ((k === 'text' || k === 'edit') && typed.has(el)) changed(el, k, cause, true);
    else changed(el, k, cause);
  }
  soon();
}

const MAX_AT_ONCE = 250;
let comparing = 0, pause = 100;

function soon() {
  if (!comparing) comparing = setTimeout(guarded(() => { comparing = 0; compare(false); }), pause);
}

// compare finds what no event told: setters, listeners that are gone, roots that are closed. 0.7 ms for 500 controls (2026-11-22).
function compare(final) {
  settleReset();
  listen();
  lookAround();
  let found = 0;
  for (const tellFake of fakes.values()) tellFake();
  fakes.clear();
  const visit = el => {
    const k = kind(el);
    if (!k || k === 'button' || (k === 'edit' && editHost(el) !== el)) return;
    if (!known.has(el)) {
      known.set(el, state(el, k));
      secret(el);
      return;
    }
    if (known.get(el) === state(el, k)) return;
    if (choosing.has(el)) {
      if (final) changed(el, k, choosing.get(el), true);
      return;
    }
    if (!final && found >= MAX_AT_ONCE) return; // the rest is told by the next comparison
    const touch = touched.get(el);
    found += changed(el, k, touch && Date.now() - touch.at < 1000 ? touch.time : unclaimed(el)) ? 1 : 0;
  };
  for (const root of roots) {
    if (isRoot(root) && !getConnected.call(root.host)) {
      roots.delete(root);
      continue;
    }
    for (const el of all(root, CONTROLS)) visit(el);
  }
  if (getDesign.call(document) === 'on') visit(getDocumentElement.call(document));
  for (const map of [typed, choosing]) for (const el of map.keys()) if (!getConnected.call(el)) map.delete(el);
  pause = found > 20 ? Math.min(2 * pause, 1000) : 100; // a script that changes many controls for ever is not a flood of records
  if (found >= MAX_AT_ONCE) soon();
}
