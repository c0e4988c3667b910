import assert from "node:assert/strict";
import { test } from "node:test";
import { Touch } from "../touch.js";

Object.assign(globalThis, { requestAnimationFrame: () => 1, cancelAnimationFrame: () => {} });

/** @param {{navigates?: boolean, zoomed?: boolean}} how */
function setup({ navigates = true, zoomed = false } = {}) {
  /** @type {any[]} */
  const log = [];
  const touch = new Touch(
    navigates ? (m) => log.push([m.type, m.touches?.map((t) => [t.x, t.y])]) : null,
    (x, y) => [x, y],
    { pan: (dx, dy) => (zoomed ? (log.push(["pan", dx, dy]), true) : false), pinch: (factor) => log.push(["pinch", Math.round(factor * 100) / 100]) },
    (_x, _y, dx, dy) => log.push(["scroll", dx, dy]),
  );
  const event = (/** @type {string} */ type, /** @type {number} */ pointerId, /** @type {number} */ x, /** @type {number} */ y) => touch.event(/** @type {any} */ ({ type, pointerId, clientX: x, clientY: y }));
  return { log, event };
}

test("one finger is a finger on the page", () => {
  const { log, event } = setup();
  event("pointerdown", 4, 10, 20);
  event("pointermove", 4, 12, 24);
  event("pointerup", 4, 12, 24);
  assert.deepEqual(log, [["start", [[10, 20]]], ["move", [[12, 24]]], ["end", []]]);
});

test("a second finger lifts the first off the page; two scroll it", () => {
  const { log, event } = setup();
  event("pointerdown", 1, 0, 0);
  event("pointerdown", 2, 100, 0);
  event("pointermove", 1, 0, -10);
  event("pointermove", 2, 100, -10);
  event("pointerup", 1, 0, -10);
  assert.deepEqual(log[1], ["cancel", []]);
  assert.deepEqual(log.filter((l) => l[0] === "scroll"), [["scroll", -0, 5], ["scroll", -0, 5]]);
});

test("two fingers pinch, and move the own view when it is zoomed", () => {
  const { log, event } = setup({ zoomed: true });
  event("pointerdown", 1, 0, 0);
  event("pointerdown", 2, 100, 0);
  event("pointermove", 2, 200, 0);
  assert.deepEqual(log.slice(2), [["pinch", 2], ["pan", 50, 0]]);
});

test("an observer's finger moves the own view and sends nothing", () => {
  const { log, event } = setup({ navigates: false, zoomed: true });
  event("pointerdown", 1, 0, 0);
  event("pointermove", 1, 5, 6);
  event("pointerup", 1, 5, 6);
  assert.deepEqual(log, [["pan", 5, 6]]);
});
