import assert from "node:assert/strict";
import test from "node:test";

import { duration } from "../moment.js";

test("how long something took", () => {
  const from = "2026-11-22T14:00:00Z";
  assert.equal(duration(from, "2026-11-22T14:00:42Z"), "42 s");
  assert.equal(duration(from, "2026-11-22T14:11:05Z"), "11 min");
  assert.equal(duration(from, "2026-11-22T14:59:50Z"), "1 h 0 min");
  assert.equal(duration(from, "2026-11-22T16:05:00Z"), "2 h 5 min");
  assert.equal(duration(from, "2026-11-22T13:59:59Z"), "0 s", "two servers' clocks may differ");
});
