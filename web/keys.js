// What a key of the navigator's own keyboard means on the shared page, whose Chrome runs on Linux.

export const MODS = { alt: 1, ctrl: 2, meta: 4, shift: 8 };

/**
 * @typedef {object} KeyLike the part of KeyboardEvent that counts
 * @property {string} key
 * @property {string} code
 * @property {number} location
 * @property {boolean} repeat
 * @property {boolean} altKey
 * @property {boolean} ctrlKey
 * @property {boolean} metaKey
 * @property {boolean} shiftKey
 * @property {boolean} isComposing
 * @property {number} keyCode
 * @property {(name: string) => boolean} getModifierState
 *
 * @typedef {{key: string, code: string, location: number, mods: number}} RemoteKey
 *
 * @typedef {{do: "leave"} | {do: "local"} | {do: "compose"} | {do: "paste"} | {do: "copy"}
 *   | {do: "go", where: "back" | "forward" | "reload"}
 *   | {do: "send", key: RemoteKey}} KeyMeaning
 */

/** @param {{altKey: boolean, ctrlKey: boolean, metaKey: boolean, shiftKey: boolean}} e */
export function modsOf(e) {
  return (e.altKey ? MODS.alt : 0) | (e.ctrlKey ? MODS.ctrl : 0) | (e.metaKey ? MODS.meta : 0) | (e.shiftKey ? MODS.shift : 0);
}

/**
 * pointerMods are the modifiers of a pointer event: on a Mac ⌘ counts as Ctrl.
 * @param {{altKey: boolean, ctrlKey: boolean, metaKey: boolean, shiftKey: boolean}} e
 * @param {boolean} mac
 */
export function pointerMods(e, mac) {
  const mods = modsOf(e);
  return mac && mods & MODS.meta ? (mods & ~MODS.meta) | MODS.ctrl : mods;
}

/**
 * meaningOf says what to do with a keydown.
 * @param {KeyLike} e
 * @param {boolean} mac
 * @returns {KeyMeaning}
 */
export function meaningOf(e, mac) {
  if (e.key === "F6") return { do: "leave" };
  if (isComposing(e)) return { do: "compose" };
  const printable = isPrintable(e.key);
  const altGr = e.getModifierState("AltGraph") || (mac && e.altKey && !e.metaKey && !e.ctrlKey && printable && isTypedByOption(e));
  if (altGr && printable) return { do: "send", key: { key: e.key, code: e.code, location: e.location, mods: e.shiftKey ? MODS.shift : 0 } };
  const command = mac ? e.metaKey || e.ctrlKey : e.ctrlKey;
  const letter = e.key.toLowerCase();
  if (e.key === "F11" || e.key === "F12") return { do: "local" };
  if (command && !e.altKey && ["+", "-", "=", "0"].includes(e.key)) return { do: "local" };
  if ((command && !e.altKey && letter === "v") || (e.shiftKey && e.key === "Insert")) return { do: "paste" };
  if ((command && !e.altKey && !e.shiftKey && (letter === "c" || letter === "x")) || (e.ctrlKey && e.key === "Insert")) return { do: "copy" };
  if (e.key === "F5" || (command && !e.altKey && letter === "r")) return { do: "go", where: "reload" };
  if (mac ? e.metaKey && (e.key === "[" || e.key === "]") : e.altKey && !e.ctrlKey && (e.key === "ArrowLeft" || e.key === "ArrowRight")) {
    return { do: "go", where: e.key === "[" || e.key === "ArrowLeft" ? "back" : "forward" };
  }
  return { do: "send", key: mac ? fromMac(e) : { key: e.key, code: e.code, location: e.location, mods: modsOf(e) } };
}

/**
 * isComposing: the key belongs to an input method, a dead key or a soft keyboard; what it types comes as text.
 * @param {KeyLike} e
 */
export function isComposing(e) {
  return e.isComposing || e.keyCode === 229 || e.key === "Dead" || e.key === "Process" || e.key === "Unidentified" || e.key === "";
}

/** @param {string} key one character, however many UTF-16 units it has */
export function isPrintable(key) {
  return [...key].length === 1;
}

/**
 * On a Mac, Option types signs. With a plain letter or digit as result it did not.
 * @param {KeyLike} e
 */
function isTypedByOption(e) {
  return !("Key" + e.key.toUpperCase() === e.code || "Digit" + e.key === e.code || e.key === " ");
}

/**
 * fromMac translates the Mac's editing keys into those of Linux.
 * @param {KeyLike} e
 * @returns {RemoteKey}
 */
function fromMac(e) {
  const shift = e.shiftKey ? MODS.shift : 0;
  if (e.metaKey && !e.ctrlKey && !e.altKey) {
    const place = { ArrowLeft: ["Home", 0], ArrowRight: ["End", 0], ArrowUp: ["Home", MODS.ctrl], ArrowDown: ["End", MODS.ctrl] }[e.key];
    if (place) return { key: String(place[0]), code: String(place[0]), location: 0, mods: Number(place[1]) | shift };
    if (e.key === "Z" || (e.key === "z" && e.shiftKey)) return { key: "y", code: "KeyY", location: 0, mods: MODS.ctrl };
  }
  if (e.altKey && !e.metaKey && !e.ctrlKey && ["ArrowLeft", "ArrowRight", "Backspace", "Delete"].includes(e.key)) {
    return { key: e.key, code: e.code, location: e.location, mods: MODS.ctrl | shift };
  }
  if (e.key === "Meta") return { key: "Control", code: e.location === 2 ? "ControlRight" : "ControlLeft", location: e.location || 1, mods: MODS.ctrl | shift };
  return { key: e.key, code: e.code, location: e.location, mods: pointerMods(e, true) };
}

/**
 * isMac tells whether ⌘ is the command key here.
 * @param {{platform?: string, userAgentData?: {platform?: string}}} navigator
 */
export function isMac(navigator) {
  return /^(mac|iphone|ipad|ipod)/i.test(navigator.userAgentData?.platform || navigator.platform || "");
}
