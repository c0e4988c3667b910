import assert from "node:assert/strict";
import { test } from "node:test";
import { isMac, meaningOf, MODS } from "../keys.js";

/** @param {string} key @param {string} code @param {any} [more] */
function key(key, code, more = {}) {
  const { altGraph = false, ...rest } = more;
  return { key, code, location: 0, repeat: false, altKey: false, ctrlKey: false, metaKey: false, shiftKey: false, isComposing: false, keyCode: 0, getModifierState: (/** @type {string} */ n) => n === "AltGraph" && altGraph, ...rest };
}

/** @param {any} e */
function sent(e, mac = false) {
  const m = meaningOf(e, mac);
  assert.equal(m.do, "send", JSON.stringify(m));
  return m.do === "send" ? [m.key.key, m.key.code, m.key.mods] : [];
}

test("letters and editing keys go as they are, with their modifiers", () => {
  assert.deepEqual(sent(key("a", "KeyA")), ["a", "KeyA", 0]);
  assert.deepEqual(sent(key("A", "KeyA", { shiftKey: true })), ["A", "KeyA", MODS.shift]);
  assert.deepEqual(sent(key("z", "KeyY", { ctrlKey: true })), ["z", "KeyY", MODS.ctrl]);
  assert.deepEqual(sent(key("Tab", "Tab", { shiftKey: true })), ["Tab", "Tab", MODS.shift]);
  assert.deepEqual(sent(key("Escape", "Escape")), ["Escape", "Escape", 0]);
  assert.deepEqual(sent(key("😀", "")), ["😀", "", 0]);
});

test("what AltGr types is typed, without Ctrl and Alt", () => {
  assert.deepEqual(sent(key("@", "KeyQ", { ctrlKey: true, altKey: true, altGraph: true })), ["@", "KeyQ", 0]);
  assert.deepEqual(sent(key("€", "KeyE", { altGraph: true })), ["€", "KeyE", 0]);
  assert.deepEqual(sent(key("q", "KeyQ", { ctrlKey: true, altKey: true })), ["q", "KeyQ", MODS.ctrl | MODS.alt]);
});

test("on a Mac, ⌘ is Ctrl and the editing keys are those of Linux", () => {
  assert.deepEqual(sent(key("a", "KeyA", { metaKey: true }), true), ["a", "KeyA", MODS.ctrl]);
  assert.deepEqual(sent(key("ArrowLeft", "ArrowLeft", { metaKey: true, shiftKey: true }), true), ["Home", "Home", MODS.shift]);
  assert.deepEqual(sent(key("ArrowDown", "ArrowDown", { metaKey: true }), true), ["End", "End", MODS.ctrl]);
  assert.deepEqual(sent(key("Backspace", "Backspace", { altKey: true }), true), ["Backspace", "Backspace", MODS.ctrl]);
  assert.deepEqual(sent(key("z", "KeyZ", { metaKey: true, shiftKey: true }), true), ["y", "KeyY", MODS.ctrl]);
  assert.deepEqual(sent(key("@", "KeyL", { altKey: true }), true), ["@", "KeyL", 0]);
  assert.deepEqual(sent(key("Meta", "MetaLeft", { metaKey: true, location: 1 }), true), ["Control", "ControlLeft", MODS.ctrl]);
});

test("paste, copy, history and the way out are not keys of the page", () => {
  assert.equal(meaningOf(key("F6", "F6"), false).do, "leave");
  assert.equal(meaningOf(key("v", "KeyV", { ctrlKey: true }), false).do, "paste");
  assert.equal(meaningOf(key("V", "KeyV", { ctrlKey: true, shiftKey: true }), false).do, "paste");
  assert.equal(meaningOf(key("v", "KeyV", { metaKey: true }), true).do, "paste");
  assert.equal(meaningOf(key("Insert", "Insert", { shiftKey: true }), false).do, "paste");
  assert.equal(meaningOf(key("c", "KeyC", { ctrlKey: true }), false).do, "copy");
  assert.equal(meaningOf(key("x", "KeyX", { metaKey: true }), true).do, "copy");
  assert.deepEqual(meaningOf(key("F5", "F5"), false), { do: "go", where: "reload" });
  assert.deepEqual(meaningOf(key("ArrowLeft", "ArrowLeft", { altKey: true }), false), { do: "go", where: "back" });
  assert.deepEqual(meaningOf(key("]", "BracketRight", { metaKey: true }), true), { do: "go", where: "forward" });
  for (const k of ["F11", "F12"]) assert.equal(meaningOf(key(k, k), false).do, "local");
  assert.equal(meaningOf(key("=", "Equal", { ctrlKey: true }), false).do, "local");
});

test("dead keys, input methods and soft keyboards compose", () => {
  for (const e of [key("Dead", "Quote"), key("Process", "KeyA"), key("Unidentified", ""), key("a", "KeyA", { isComposing: true }), key("a", "KeyA", { keyCode: 229 })]) assert.equal(meaningOf(e, false).do, "compose");
});

test("Macs, iPads and iPhones have ⌘", () => {
  for (const platform of ["MacIntel", "iPhone", "iPad", "macOS"]) assert.equal(isMac({ platform }), true, platform);
  for (const platform of ["Win32", "Linux x86_64", ""]) assert.equal(isMac({ platform }), false, platform);
  assert.equal(isMac({ platform: "Linux", userAgentData: { platform: "macOS" } }), true);
});
