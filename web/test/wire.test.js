import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { readMessage } from "../wire.js";

const golden = new URL("../../stream/testdata/server/", import.meta.url);

test("every golden message of the server is read", { skip: !existsSync(golden) }, () => {
  const known = new Set(["call", "state", "notice", "cursor", "laser", "stroke", "marks_cleared", "snapshot", "error", "ended"]);
  for (const name of readdirSync(golden)) {
    const m = readMessage(readFileSync(new URL(name, golden), "utf8"));
    assert.ok(m && known.has(m.t), name);
  }
});

test("what is no message is not read", () => {
  for (const text of ["", "null", "1", '"x"', "{}", '{"t":1}', "{", "[]"]) assert.equal(readMessage(text), null, text);
});
