import assert from "node:assert/strict";
import test from "node:test";

import { happened } from "../record-words.js";

test("typed text is told by its length only", () => {
  assert.equal(happened({ kind: "form", action: "text_entered", length: 3, element: {} }), "Entered text (3 characters)");
  assert.equal(happened({ kind: "form", action: "text_entered", element: { secret: true } }), "Entered text (secret: nothing is recorded of it)");
});

test("a kind that this page does not know yet is still told", () => {
  assert.equal(happened({ kind: "hold_placed" }), "hold placed");
});
