import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_NODES, pair, planOf } from "../mirror.js";
import { readingOf } from "../reading.js";

test("a control is read with its kind, its states and its value", () => {
  assert.equal(readingOf({ role: "textbox", name: "Full name", required: true, value: "Ada" }).text, "Full name, text field, required: Ada");
  assert.equal(readingOf({ role: "checkbox", name: "I agree", checked: "false" }).text, "I agree, checkbox, not checked");
  assert.equal(readingOf({ role: "combobox", name: "Country", expanded: "true", value: "Peru", invalid: true }).text, "Country, choice, expanded, invalid: Peru");
  assert.equal(readingOf({ role: "button", name: "Send", disabled: true, description: "Costs £5" }).text, "Send, button, unavailable. Costs £5");
  assert.equal(readingOf({ role: "textbox", name: "Old", required: false, disabled: false }).text, "Old, text field");
});

test("a secret's value is never read, even if it came", () => {
  const { text } = readingOf({ role: "textbox", name: "Password", secret: true, value: "hunter2" });
  assert.equal(text, "Password, protected text field");
});

test("structure keeps its role, groups get a name, and what a page calls itself is only text", () => {
  const heading = readingOf({ role: "heading", name: "Fees", level: 9 });
  assert.deepEqual([heading.role, heading.level, heading.text], ["heading", 6, "Fees"]);
  assert.equal(readingOf({ role: "heading", name: "Fees", children: [{ role: "text", name: "Fees" }] }).text, "");
  assert.equal(readingOf({ role: "navigation", name: "Main", children: [{ role: "link", name: "Home" }] }).label, "Navigation: Main");
  assert.equal(readingOf({ role: "script", name: "x" }).role, "");
  assert.equal(readingOf(/** @type {any} */ ({ role: 7, name: {} })).text, "");
});

test("equal subtrees have equal hashes, different ones do not", () => {
  const tree = (/** @type {string} */ value) => planOf({ role: "form", children: [{ role: "textbox", name: "A", value }, { role: "button", name: "B" }] }, { left: 100 });
  assert.equal(tree("x").hash, tree("x").hash);
  assert.notEqual(tree("x").hash, tree("y").hash);
});

test("what is read is bounded in number and depth", () => {
  const wide = { role: "main", children: Array.from({ length: MAX_NODES + 50 }, (_, i) => ({ role: "text", name: String(i) })) };
  assert.equal(planOf(wide, { left: MAX_NODES }).children.length, MAX_NODES - 1);
  /** @type {any} */
  let deep = { role: "text", name: "end" };
  for (let i = 0; i < 5000; i++) deep = { role: "generic", children: [deep] };
  let depth = 0;
  for (let p = planOf(deep, { left: MAX_NODES }); p.children[0]; p = p.children[0]) depth++;
  assert.ok(depth < 100);
});

test("elements that did not change are kept, wherever they are now", () => {
  const list = (/** @type {string} */ s) => [...s].map((c) => ({ hash: c.charCodeAt(0), kind: "p" }));
  assert.deepEqual(pair(list("abc"), list("abc")), [0, 1, 2]);
  assert.deepEqual(pair(list("abc"), list("xabc")), [-1, 0, 1, 2]);
  assert.deepEqual(pair(list("abcd"), list("ad")), [0, 3]);
  assert.deepEqual(pair(list("abcd"), list("acbd")), [0, 2, 1, 3]);
  assert.deepEqual(pair(list("abc"), list("aXc")), [0, 1, 2]);
  assert.deepEqual(pair([], list("ab")), [-1, -1]);
  assert.deepEqual(pair([{ hash: 1, kind: "p" }], [{ hash: 2, kind: "h" }]), [-1]);
});

test("no old element is used twice", () => {
  for (let n = 0; n < 500; n++) {
    const list = () => Array.from({ length: Math.floor(Math.random() * 12) }, () => ({ hash: Math.floor(Math.random() * 5), kind: Math.random() < 0.5 ? "p" : "h" }));
    const pairs = pair(list(), list()).filter((i) => i >= 0);
    assert.equal(new Set(pairs).size, pairs.length);
  }
});
