// Part 5 of the agent: what is pressed and what is chosen, native or made by script.

const pressed = new Set(); // what a person pressed in this task, so that a script's click() on it is not told again
let armed = null;          // the option under a pressed mouse button: { el, tell }

// option finds the ARIA option in an event's path.
function option(path) {
  for (const el of path) {
    if (!isElement(el)) continue;
    if (role(el) === 'option' && local(el) !== 'option') return el;
    if (role(el) === 'listbox') return null;
  }
  return null;
}

// owner is the control that an option belongs to: its combobox if there is one, else its listbox.
function owner(el) {
  let list = el;
  while (list && role(list) !== 'listbox') list = parent(list);
  const id = list && attr(list, 'id');
  if (id) for (const name of ['aria-controls', 'aria-owns', 'aria-activedescendant']) {
    const by = all(rootOf(list), `[${name}~="${CSS.escape(name === 'aria-activedescendant' ? attr(el, 'id') || '' : id)}"]`)[0];
    if (by && by !== list && role(by) !== 'option') return by;
  }
  const focus = deepActive();
  return focus && (role(focus) === 'combobox' || attr(focus, 'aria-haspopup') === 'listbox') ? focus : list || el;
}

// choosing reads the option now, since many a list is gone when the mouse button is released.
function chosen(el) {
  const of = owner(el), k = kind(of), hush = secret(of) || masked(el);
  const label = plain(attr(el, 'aria-label'), MAX_OPTION) || visibleText(el, MAX_OPTION);
  return cause => {
    if (cause ? pressed.has(el) : pressed.has(el) || fakes.has(number(of) + 'option_chosen')) return;
    if (!cause) return fake(of, k, 'option_chosen', hush ? {} : { o: [label] });
    pressed.add(el);
    report(of, k, 'option_chosen', cause, hush ? {} : { o: [label] });
  };
}

function onMouseDown(event) {
  const el = event.isTrusted && option(event.composedPath());
  armed = el ? { el, tell: chosen(el) } : null;
}

// Lists that close on mouseup get no click: an option that was pressed and is gone when the button is up was chosen.
function onMouseUp(event) {
  const was = armed;
  armed = null;
  if (!was || !event.isTrusted || !live) return;
  const now = option(event.composedPath());
  if (now === was.el || (!now && (!getConnected.call(was.el) || !was.el.checkVisibility()))) was.tell(live);
}

function onKeyDown(event) {
  if (!event.isTrusted || (event.key !== 'Enter' && event.key !== ' ')) return;
  const el = event.composedPath()[0];
  if (!isElement(el)) return;
  if (role(el) === 'option') return chosen(el)(live);
  const active = byID(rootOf(el), attr(el, 'aria-activedescendant'));
  if (active && role(active) === 'option' && attr(el, 'aria-expanded') !== 'false' && (event.key === 'Enter' || !kind(el))) chosen(active)(live);
}

// pressable finds the control that a click means. Without one, what looks clickable counts: a list that a script made into a
// dropdown says nothing of itself.
function pressable(path, trusted) {
  let clickable = null;
  for (const el of path.slice(0, 12)) {
    if (!isElement(el)) continue;
    const k = kind(el), name = local(el);
    if (k === 'button' || k === 'toggle' || k === 'gauge') return { el, k };
    if (k || name === 'option' || isForm(el) || name === 'body') break;
    if ((name === 'a' && attr(el, 'href') !== null) || (name === 'label' && el.control)) return null;
    if (!clickable && trusted && (attr(el, 'onclick') !== null || attr(el, 'tabindex') !== null || getComputedStyle(el).cursor === 'pointer')) clickable = el;
  }
  return clickable && !getShadow.call(clickable) && !closedHosts.has(clickable) ? { el: clickable, k: '' } : null;
}

function onClick(event) {
  const path = event.composedPath(), chose = option(path);
  if (chose) {
    if (!event.isTrusted || !live) chosen(chose)(0);
    else chosen(chose)(live);
    return;
  }
  const found = pressable(path, event.isTrusted);
  if (!found) return;
  const { el, k } = found, cause = event.isTrusted ? live : 0;
  if (k === 'toggle' || k === 'gauge') {
    if (cause) touched.set(el, { time: cause, at: Date.now() });
    return soon();
  }
  if (cause) {
    pressed.add(el);
    report(el, k, 'pressed', cause);
  } else if (!pressed.has(el)) fake(el, k, 'pressed');
}
