// Part 3 of the agent: whose input it was. Every forwarded input has a time of its own, and Chrome gives it back on the trusted
// pointer and key events (0.1 ms exact, 2026-11-22), where no page can forge it. isTrusted alone proves nothing: el.click() on a
// checkbox makes trusted input and change events. So an event is a person's when it happens within the dispatch of theirs.

let stamp = 0;      // time of the last input that this frame saw
let live = 0;       // the same while its task runs, else 0
let text = 0;       // time of text without a key, announced by a key named "Process", until the text arrives
let claimed = true; // something was reported for stamp
let typedInto = null; // what the last key went to
let lastKey = '';
let turn = 0;       // counts tasks

const STAMPED = ['pointerdown', 'pointerup', 'pointermove', 'mousedown', 'mouseup', 'mousemove', 'keydown', 'keypress', 'keyup',
  'touchstart', 'touchmove', 'touchend', 'wheel'];
const TEXTUAL = ['beforeinput', 'compositionstart', 'compositionupdate', 'compositionend', 'input'];

// taskEnds runs after the task of an input. user-blocking, so that no timer of the page comes before it.
function taskEnds() {
  const mine = ++turn;
  scheduler.postTask(guarded(() => {
    if (mine !== turn) return;
    const last = live || stamp;
    live = 0;
    afterInput(last);
  }), { priority: 'user-blocking' });
}

// endBefore: inputs come so close that the end of one's task is not told before the next.
function endBefore(time) {
  const last = live;
  live = last === time ? last : 0;
  if (last && !live) afterInput(last);
}

function lives(time) {
  endBefore(time);
  if (time !== stamp) claimed = false;
  stamp = live = time;
  taskEnds();
}

// stamped sees every trusted pointer and key event first.
function stamped(event) {
  if (!event.isTrusted) return;
  if (event.type.endsWith('move') && !event.buttons && !event.touches) return;
  const time = Math.round(event.timeStamp + performance.timeOrigin);
  if (event.type === 'keydown' && event.key === 'Process') {
    endBefore(time);
    text = time;
    return;
  }
  if (event.key === 'Process') return;
  text = 0;
  typedInto = event.type.startsWith('key') ? event.composedPath()[0] : null;
  lastKey = event.key || '';
  lives(time);
}

// textual gives text without a key its time: Input.insertText carries none (input_text.go sends the key before it).
function textual(event) {
  if (event.isTrusted && text && !live) {
    typedInto = event.composedPath()[0];
    lives(text);
    if (event.type === 'input') text = 0;
  }
}

// causeOf is the input behind an event, 0 for a script. Selects, pickers and file inputs change outside of any input's task
// (their popup takes the keys), but no script can make trusted events of theirs.
function causeOf(event, k) {
  if (!event.isTrusted) return 0;
  return live || (k === 'select' || k === 'value' || k === 'file' ? stamp : 0);
}

// unclaimed is the input for a change of el that no event told: the key before it went to el, and nothing else came of it.
function unclaimed(el) {
  return !claimed && typedInto === el && Date.now() - stamp < 300 ? stamp : 0;
}
