import assert from "node:assert/strict";
import { test } from "node:test";
import { farEnough, pathOf, ringAt } from "../strokes.js";

test("a stroke begins at its first point and ends at its last", () => {
  assert.equal(pathOf([]), "");
  assert.equal(pathOf([[1, 2]]), "M1 2l0 0.01");
  assert.equal(pathOf([[0, 0], [10, 0], [10, 10]]), "M0 0Q0 0 5 0Q10 0 10 5L10 10");
});

test("points that nobody could see are left out", () => {
  assert.equal(farEnough(undefined, [0, 0], 1), true);
  assert.equal(farEnough([0, 0], [1, 0], 1), false);
  assert.equal(farEnough([0, 0], [1, 0], 2), true);
  assert.equal(farEnough([0, 0], [3, 0], 0.3), false);
});

test("the keyboard's ring is closed and round", () => {
  const ring = ringAt([100, 50], 36);
  assert.deepEqual(ring[0], ring.at(-1));
  for (const [x, y] of ring) assert.ok(Math.abs(Math.hypot(x - 100, y - 50) - 36) < 0.02);
});
