import assert from "node:assert/strict";
import test from "node:test";

import { codeOfElement, ending, happened, nameOfElement, tally, who } from "../record-words.js";

test("typed text is told by its length only", () => {
  assert.equal(happened({ kind: "form", action: "text_entered", length: 3, element: {} }), "Entered text (3 characters)");
  assert.equal(happened({ kind: "form", action: "text_entered", length: 1, partial: true, element: {} }), "Types (1 character)");
  assert.equal(happened({ kind: "form", action: "text_entered", element: { secret: true } }), "Entered text (secret: not even its length is recorded)");
});

test("a take-over names both", () => {
  const r = { kind: "took_over", by: { id: "p2", name: "Ben" }, detail: { from: "p1" } };
  assert.equal(happened(r, (id) => ({ p1: "Ada" })[id] ?? id), "Took over as navigator from Ada");
  assert.equal(happened({ kind: "took_over", by: { id: "p2", name: "Ben" } }), "Took over as navigator");
});

test("a refused navigation says why", () => {
  assert.equal(happened({ kind: "blocked", page: { address: "http://a.test/" }, detail: { reason: "not_https" } }), "Was kept from another address: it is not https");
  assert.match(happened({ kind: "blocked", detail: { reason: "new_rule" } }), /new rule/);
});

test("a kind that this page does not know yet is still told", () => {
  assert.equal(happened({ kind: "hold_placed" }), "hold placed");
  assert.equal(happened({ kind: "form", action: "dragged_in" }), "dragged in");
});

test("every record is somebody's doing", () => {
  assert.equal(who({ kind: "form", by: { name: "Ada" } }), "Ada");
  assert.equal(who({ kind: "form", cause: "script" }), "the page’s script");
  assert.equal(who({ kind: "blocked" }), "the page");
  assert.equal(who({ kind: "frozen" }), "the server");
});

test("why it ended, also for reasons that are not known yet", () => {
  assert.equal(ending("stopped"), "Stopped co-browsing");
  assert.equal(ending("chrome was lost too often"), "Co-browsing ended: chrome was lost too often");
  assert.equal(ending(""), "Co-browsing ended");
});

test("an element is named for people and for developers", () => {
  const e = { name: "Nationality", type: "div", role: "combobox", id: "nat", field: "n", form: "application" };
  assert.equal(nameOfElement(e), "Nationality");
  assert.equal(codeOfElement(e), "div[role=combobox] #nat name=n form=application");
  assert.equal(nameOfElement({ field: "iban" }), "iban");
  assert.equal(nameOfElement({}), "without a name");
});

test("a tally begins with what was done most often", () => {
  assert.equal(tally({ pressed: 1, text_entered: 12 }), "12 text entered · 1 pressed");
  assert.equal(tally({}), "none");
});
