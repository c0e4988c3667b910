import assert from "node:assert/strict";
import { test } from "node:test";
import { fitScale, toViewport, Zoom } from "../zoom.js";

const page = { width: 1280, height: 800 };

test("the whole page fits into the stage", () => {
  assert.equal(fitScale(page, { width: 640, height: 800 }), 0.5);
  assert.equal(fitScale(page, { width: 1280, height: 400 }), 0.5);
  assert.equal(fitScale(page, { width: 2560, height: 1600 }), 2);
  assert.equal(fitScale({ width: 0, height: 0 }, { width: 10, height: 10 }), 1);
  assert.ok(fitScale(page, { width: 0, height: 0 }) > 0);
});

test("a point of the screen is found on the page, letterbox and scale taken out", () => {
  const rect = { left: 100, top: 50, width: 640, height: 400 };
  assert.deepEqual(toViewport(100, 50, rect, page), [0, 0]);
  assert.deepEqual(toViewport(740, 450, rect, page), [1280, 800]);
  assert.deepEqual(toViewport(420, 250, rect, page), [640, 400]);
  assert.deepEqual(toViewport(90, 40, rect, page), [-20, -20]);
  assert.deepEqual(toViewport(1, 1, { left: 0, top: 0, width: 0, height: 0 }, page), [0, 0]);
});

test("zoom steps up and down, within bounds, and back to fit", () => {
  const zoom = new Zoom();
  const box = { width: 640, height: 400 };
  assert.equal(zoom.scale(page, box), 0.5);
  zoom.step(zoom.scale(page, box), 1);
  assert.equal(zoom.scale(page, box), 0.67);
  zoom.step(0.67, -1);
  assert.equal(zoom.scale(page, box), 0.5);
  zoom.step(3, 1);
  assert.equal(zoom.scale(page, box), 0.5);
  zoom.set(100);
  assert.equal(zoom.scale(page, box), 4);
  zoom.fit();
  assert.equal(zoom.scale(page, box), 0.5);
});
