import assert from "node:assert/strict";
import test from "node:test";

import { fileName } from "../api.js";

test("a download has the name that the server gives it", () => {
  assert.equal(fileName("attachment; filename=cobrowse-2026-11-22-01kc3v.jsonl"), "cobrowse-2026-11-22-01kc3v.jsonl");
  assert.equal(fileName('attachment; filename="a log.csv"'), "a log.csv");
  assert.equal(fileName('attachment; filename="../../etc/passwd"'), ".._.._etc_passwd");
  assert.equal(fileName(null), "co-browse-log");
});
