import assert from "node:assert/strict";
import { test } from "node:test";
import { joinFailure } from "../credential.js";
import { colourOf } from "../element.js";
import { MAX_TEXT_BYTES, pasteFault } from "../keyboard.js";
import { titleOf } from "../page-dialog.js";
import { initialsOf } from "../participants.js";
import { delayBefore } from "../socket.js";

test("a paste is taken up to its limit, and refused in words above it", () => {
  assert.equal(pasteFault("x".repeat(MAX_TEXT_BYTES)), "");
  assert.match(pasteFault("x".repeat(MAX_TEXT_BYTES + 1)), /too long to paste: 33 KB\. The limit is 32 KB\./);
  assert.match(pasteFault("é".repeat(MAX_TEXT_BYTES / 2 + 1)), /too long/);
  assert.match(pasteFault("\u0001".repeat(20000)), /too long/);
  assert.match(pasteFault(""), /no text/);
});

test("why somebody cannot join is said with what to do", () => {
  for (const code of ["token_used", "token_expired", "token_invalid", "no_token", "network"]) {
    const { message, hint } = joinFailure(code, "raw", "raw");
    assert.ok(message !== "raw" && hint !== "raw" && message.endsWith("."), code);
  }
  assert.deepEqual([joinFailure("call_full", "The call is full.", "Wait.").message, joinFailure("call_full", "The call is full.", "Wait.").hint], ["The call is full.", "Wait."]);
});

test("initials stand for any name", () => {
  assert.deepEqual(["Ada Marsh", "Cléo d'Arcy-Whitmore", "Dag", "  ", "李 小龙", "(Eve) 😀 O'Neil", "élan"].map(initialsOf), ["AM", "CD", "D", "?", "李小", "EO", "É"]);
});

test("only a plain colour is used", () => {
  assert.equal(colourOf("#a4243b"), "#a4243b");
  for (const bad of [undefined, "", "red", "#fff", "#a4243b;x", "url(x)"]) assert.equal(colourOf(bad), "#4d5b69");
});

test("tries to connect are further and further apart, but not for ever", () => {
  const delays = Array.from({ length: 12 }, (_, n) => delayBefore(n, () => 0.5));
  assert.deepEqual(delays.slice(0, 4), [300, 600, 1200, 2400]);
  assert.equal(delays.at(-1), 8000);
  assert.ok(delayBefore(3, () => 0) < delayBefore(3, () => 1));
});

test("a dialog names the page that asks", () => {
  const dialog = { id: 1, type: "alert", message: "", origin: "https://bank.example" };
  assert.equal(titleOf(dialog), "bank.example says");
  assert.equal(titleOf({ ...dialog, origin: "" }), "The page says");
  assert.equal(titleOf({ ...dialog, type: "beforeunload" }), "Leave the page?");
});
