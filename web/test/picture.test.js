import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { decodePicture, PICTURE_HEADER_BYTES } from "../picture.js";

const golden = new URL("../../stream/testdata/picture-header.hex", import.meta.url);

/** @param {Partial<{version: number, kind: number, format: number, flags: number, scale: number}>} change */
function message({ version = 1, kind = 1, format = 1, flags = 0, scale = 2 } = {}) {
  const bytes = new Uint8Array(PICTURE_HEADER_BYTES + 3);
  const view = new DataView(bytes.buffer);
  [version, kind, format, flags].forEach((b, i) => view.setUint8(i, b));
  view.setUint32(4, 7);
  view.setBigUint64(8, 9007199254740991n);
  view.setUint16(16, 2560);
  view.setUint16(18, 1600);
  [scale, 12.5, 640, 1795370000000].forEach((f, i) => view.setFloat64(20 + 8 * i, f));
  bytes.set([1, 2, 3], PICTURE_HEADER_BYTES);
  return bytes.buffer;
}

test("a picture's header is read as the server writes it", () => {
  const p = decodePicture(message());
  assert.ok(p);
  const { data, ...header } = p;
  assert.deepEqual(header, { type: "image/png", epoch: 7, seq: 9007199254740991, width: 2560, height: 1600, scale: 2, scrollX: 12.5, scrollY: 640, taken: 1795370000000 });
  assert.deepEqual([...data], [1, 2, 3]);
});

test("the server's golden header is read", { skip: !existsSync(golden) }, () => {
  const hex = readFileSync(golden, "utf8").replace(/\s/g, "");
  const p = decodePicture(Uint8Array.from(Buffer.from(hex, "hex")).buffer);
  assert.ok(p);
  assert.deepEqual([p.type, p.epoch, p.seq, p.width, p.height, p.scale, p.scrollX, p.scrollY], ["image/png", 1, 118, 1280, 800, 1, 0, 640.5]);
});

test("what is no picture of this version is refused", () => {
  for (const bad of [{ version: 2 }, { kind: 2 }, { format: 0 }, { format: 3 }, { flags: 1 }, { scale: NaN }, { scale: 0 }, { scale: Infinity }]) assert.equal(decodePicture(message(bad)), null, JSON.stringify(bad));
  for (let n = 0; n < PICTURE_HEADER_BYTES; n++) assert.equal(decodePicture(message().slice(0, n)), null);
});
