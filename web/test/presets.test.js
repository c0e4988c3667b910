import assert from "node:assert/strict";
import test from "node:test";

import { fieldsOf } from "../preset-form.js";
import { inWords } from "../presets-view.js";

test("a form is read as the API wants it", () => {
  const data = new FormData();
  for (const [name, value] of [["name", " Savings "], ["address", "https://a.test/ "], ["scope", "prefix"], ["width", "1280"], ["height", ""], ["scale", "1,5"]]) data.append(name, value);
  assert.deepEqual(fieldsOf(data), { name: "Savings", address: "https://a.test/", scope: "prefix", width: 1280, height: 0, scale: 1.5 });
});

test("a size that is no number is for the server to refuse", () => {
  const data = new FormData();
  data.append("width", "wide");
  assert.equal(fieldsOf(data).width, -1);
});

test("what a check found is a sentence", () => {
  assert.equal(inWords(null), "Not checked yet.");
  assert.equal(inWords({ at: "", ok: true, faults: [], tagVersion: "1.0.0" }), "Ready.");
  assert.equal(inWords({ at: "", ok: false, faults: [{ code: "no_tag", message: "No tag.", hint: "Add it." }], tagVersion: "" }), "No tag.");
});
