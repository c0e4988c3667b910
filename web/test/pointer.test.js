import assert from "node:assert/strict";
import { test } from "node:test";
import { Pointer, wheelPixels } from "../pointer.js";

/** @type {(() => void)[]} */
let frames = [];
Object.assign(globalThis, {
  requestAnimationFrame: (/** @type {() => void} */ f) => frames.push(f),
  cancelAnimationFrame: () => (frames = []),
});

function setup() {
  /** @type {any[]} */
  const sent = [];
  const pointer = new Pointer((m) => sent.push(m), (x, y) => [x * 2, y * 2], false);
  const event = (/** @type {string} */ type, /** @type {number} */ x, /** @type {number} */ buttons, timeStamp = 0) =>
    pointer.event(/** @type {any} */ ({ type, clientX: x, clientY: 5, buttons, timeStamp, altKey: false, ctrlKey: false, metaKey: false, shiftKey: true }));
  return { sent, pointer, event };
}

test("a click is a move, a press and a release at the point on the page", () => {
  const { sent, event } = setup();
  event("pointermove", 10, 0);
  event("pointerdown", 10, 1);
  event("pointerup", 10, 0);
  assert.deepEqual(sent.map((m) => [m.type, m.x, m.y, m.button, m.buttons, m.clicks]), [
    ["move", 20, 10, undefined, 0, undefined],
    ["down", 20, 10, "left", 1, 1],
    ["up", 20, 10, "left", 0, 1],
  ]);
  assert.equal(sent[0].mods, 8);
});

test("moves of one frame become one, and none is lost before a press", () => {
  const { sent, event } = setup();
  for (let x = 0; x < 50; x++) event("pointermove", x, 0);
  assert.equal(sent.length, 1);
  event("pointerdown", 49, 1);
  assert.deepEqual(sent.map((m) => [m.type, m.x]), [["move", 0], ["move", 98], ["down", 98]]);
});

test("a second button held down is its own press", () => {
  const { sent, event } = setup();
  event("pointerdown", 1, 1);
  event("pointermove", 1, 3);
  event("pointermove", 1, 2);
  event("pointerup", 1, 0);
  assert.deepEqual(sent.map((m) => [m.type, m.button, m.buttons]), [["down", "left", 1], ["down", "right", 3], ["up", "left", 2], ["up", "right", 0]]);
});

test("what is held is let go of when focus is lost, and forgotten when the turn is", () => {
  const { sent, pointer, event } = setup();
  event("pointerdown", 1, 1);
  pointer.release();
  pointer.release();
  assert.deepEqual(sent.map((m) => m.type), ["down", "up"]);
  event("pointerdown", 1, 1);
  pointer.forget();
  pointer.release();
  assert.deepEqual(sent.map((m) => m.type), ["down", "up", "down"]);
});

test("a wheel's lines and pages are pixels", () => {
  const page = { width: 1000, height: 800 };
  assert.deepEqual(wheelPixels({ deltaX: 1, deltaY: 3, deltaMode: 0, shiftKey: false }, page), [1, 3]);
  assert.deepEqual(wheelPixels({ deltaX: 0, deltaY: 3, deltaMode: 1, shiftKey: false }, page), [0, 120]);
  assert.deepEqual(wheelPixels({ deltaX: 0, deltaY: -1, deltaMode: 2, shiftKey: false }, page), [0, -720]);
});
