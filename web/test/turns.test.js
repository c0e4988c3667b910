import assert from "node:assert/strict";
import test from "node:test";

import { bandTitle, Turns } from "../turns.js";

const ada = { id: "p1", name: "Ada" }, ben = { id: "p2", name: "Ben" };

/** @param {any[]} records */
const place = (records) => {
  const turns = new Turns();
  return records.map((r) => turns.place({ time: "2026-11-22T14:00:00Z", ...r }));
};
const titles = (/** @type {any[]} */ records) => place(records).flatMap((p) => (p.begins ? [bandTitle(p.begins)] : []));

test("a band begins with each change of who is in control", () => {
  assert.deepEqual(titles([
    { kind: "opened", turn: 1, by: ada }, { kind: "joined", turn: 1, by: ben }, { kind: "form", turn: 1, by: ada }, { kind: "took_over", turn: 2, by: ben },
    { kind: "left", turn: 2, by: ben }, { kind: "no_navigator", turn: 2, by: ben }, { kind: "took_over", turn: 3, by: ada }, { kind: "frozen", turn: 3 }, { kind: "stopped", turn: 3 },
  ]), ["Ada navigates", "Ben navigates", "Nobody navigates", "Ada navigates", "Input is stopped"]);
});

test("an input whose effect comes in the next turn stays its author's, and does not change who is in control", () => {
  const placed = place([{ kind: "opened", turn: 1, by: ada }, { kind: "took_over", turn: 2, by: ben }, { kind: "form", turn: 1, by: ada }, { kind: "form", turn: 2, by: ben }]);
  assert.deepEqual(placed.map((p) => p.late), [false, false, true, false]);
  assert.equal(placed[2]?.begins, null);
});

test("a log that does not begin at its beginning still has a band", () => {
  assert.deepEqual(titles([{ kind: "joined", turn: 0, by: ada }, { kind: "left", turn: 0, by: ada }]), ["Before the first turn"]);
});

test("a log may begin without an opener", () => {
  assert.deepEqual(titles([{ kind: "opened", turn: 1 }]), ["Nobody navigates"]);
});
