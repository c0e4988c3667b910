import assert from "node:assert/strict";
import { test } from "node:test";
import { ClickCounter } from "../clicks.js";

/** @param {[number, number, number, number][]} presses button, x, y, time */
function counts(presses) {
  const clicks = new ClickCounter();
  return presses.map(([button, x, y, time]) => clicks.press({ button, x, y, time }));
}

test("quick presses at one place are double and triple clicks, then single again", () => {
  assert.deepEqual(counts([[0, 10, 10, 0], [0, 11, 10, 200], [0, 11, 12, 400], [0, 11, 12, 600]]), [1, 2, 3, 1]);
});

test("time, distance and another button begin again", () => {
  assert.deepEqual(counts([[0, 10, 10, 0], [0, 10, 10, 501]]), [1, 1]);
  assert.deepEqual(counts([[0, 10, 10, 0], [0, 16, 10, 100]]), [1, 1]);
  assert.deepEqual(counts([[0, 10, 10, 0], [2, 10, 10, 100]]), [1, 1]);
});
