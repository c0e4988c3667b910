import assert from "node:assert/strict";
import test from "node:test";

import { Typing } from "../typing.js";

const first = { name: "First name" }, last = { name: "Last name" }, ada = { id: "p1" }, ben = { id: "p2" };
const form = (/** @type {any} */ r) => ({ kind: "form", action: "text_entered", by: ada, turn: 1, frame: { address: "https://a.test/" }, element: first, ...r });
const replaced = (/** @type {any[]} */ records) => {
  const typing = new Typing();
  return records.map((r, i) => typing.replaced({ seq: i + 1, ...r }));
};

test("each keystroke is replaced by the next, the last one by the committed text", () => {
  assert.deepEqual(replaced([form({ partial: true }), form({ partial: true }), form({}), form({ partial: true })]), [0, 1, 2, 0]);
});

test("a script's doings between keystrokes change nothing", () => {
  assert.deepEqual(replaced([form({ partial: true }), form({ by: undefined, action: "value_chosen", element: last }), form({})]), [0, 0, 1]);
});

test("typing that was not finished is replaced by nothing", () => {
  assert.deepEqual(replaced([form({ partial: true }), form({ element: last }), { kind: "stopped" }]), [0, 0, 0], "another control");
  assert.deepEqual(replaced([form({ partial: true }), { kind: "took_over", by: ben, turn: 2 }, form({ by: ben, turn: 2 })]), [0, 0, 0], "another person");
  assert.deepEqual(replaced([form({ partial: true }), { kind: "navigated" }, form({})]), [0, 0, 0], "another page");
  assert.deepEqual(replaced([form({ partial: true }), form({ frame: { address: "https://b.test/" } })]), [0, 0], "another frame");
});

test("emptying a field replaces what was typed; its rejection does not", () => {
  assert.deepEqual(replaced([form({ partial: true }), form({ action: "rejected" }), form({ action: "cleared" })]), [0, 0, 1]);
});
