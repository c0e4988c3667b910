import assert from "node:assert/strict";
import test from "node:test";

import { faultsOf } from "../field-faults.js";
import { Failure } from "../request.js";

const has = (/** @type {string} */ field) => ["name", "address"].includes(field);
const refusal = (/** @type {string} */ code, /** @type {any[]} */ fields = []) => Object.assign(new Failure(code, "The request has fields that are not right.", "The list says what to change."), { fields });

test("faults of fields are sentences at the fields, and no message besides", () => {
  assert.deepEqual(faultsOf(refusal("invalid", [{ field: "name", code: "missing", message: "must not be empty" }, { field: "address", code: "bad_address", message: "must begin with https://" }]), has),
    { known: [{ field: "name", words: "Must not be empty." }, { field: "address", words: "Must begin with https://." }], rest: "" });
});

test("faults of fields that the form does not have are told all the same", () => {
  assert.deepEqual(faultsOf(refusal("invalid", [{ field: "colour", code: "unknown", message: "is not known" }]), has), { known: [], rest: "colour is not known" });
});

test("a name that is taken is the name's fault", () => {
  const { known, rest } = faultsOf(new Failure("name_taken", "Another preset has this name.", "Choose another name."), has);
  assert.deepEqual(known, [{ field: "name", words: "Another preset has this name. Choose another name." }]);
  assert.equal(rest, "");
});

test("any other refusal is told as it is", () => {
  assert.deepEqual(faultsOf(new Failure("version_changed", "Somebody else changed this preset.", "Load it again."), has), { known: [], rest: "Somebody else changed this preset." });
});
