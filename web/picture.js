import { PROTOCOL_VERSION } from "./wire.js";

/** The length of the header before a picture's data. */
export const PICTURE_HEADER_BYTES = 52;

/** @type {Record<number, string>} */
const types = { 1: "image/png", 2: "image/jpeg" };

/**
 * @typedef {object} Picture
 * @property {string} type image/png or image/jpeg
 * @property {number} epoch
 * @property {number} seq
 * @property {number} width device pixels
 * @property {number} height
 * @property {number} scale device pixels per CSS pixel
 * @property {number} scrollX CSS pixels
 * @property {number} scrollY
 * @property {number} taken Unix ms
 * @property {Uint8Array<ArrayBuffer>} data aliases the message
 */

/**
 * decodePicture reads a binary message (docs/PROTOCOL.md, "Pictures"); null when it is not a picture of this version.
 * @param {ArrayBuffer} message
 * @returns {Picture | null}
 */
export function decodePicture(message) {
  if (message.byteLength < PICTURE_HEADER_BYTES) return null;
  const view = new DataView(message);
  const type = types[view.getUint8(2)];
  if (view.getUint8(0) !== PROTOCOL_VERSION || view.getUint8(1) !== 1 || view.getUint8(3) !== 0 || !type) return null;
  const picture = {
    type,
    epoch: view.getUint32(4),
    seq: Number(view.getBigUint64(8)),
    width: view.getUint16(16),
    height: view.getUint16(18),
    scale: view.getFloat64(20),
    scrollX: view.getFloat64(28),
    scrollY: view.getFloat64(36),
    taken: view.getFloat64(44),
    data: new Uint8Array(message, PICTURE_HEADER_BYTES),
  };
  return [picture.scale, picture.scrollX, picture.scrollY, picture.taken].every(Number.isFinite) && picture.scale > 0 ? picture : null;
}

/**
 * PictureSlot decodes and draws one picture at a time. While it is busy the newest one waits and replaces what waited before. The
 * acknowledgement of a drawn picture is also that of those before it, drawn or not.
 */
export class PictureSlot {
  /** @type {Picture | null} */
  #waiting = null;
  #busy = false;
  #draw;
  #acknowledge;

  /**
   * @param {(bitmap: ImageBitmap, picture: Picture) => void} draw
   * @param {(seq: number) => void} acknowledge
   */
  constructor(draw, acknowledge) {
    this.#draw = draw;
    this.#acknowledge = acknowledge;
  }

  /** @param {Picture} picture */
  put(picture) {
    this.#waiting = picture;
    if (!this.#busy) void this.#run();
  }

  async #run() {
    this.#busy = true;
    while (this.#waiting) {
      const picture = this.#waiting;
      this.#waiting = null;
      try {
        const bitmap = await createImageBitmap(new Blob([picture.data], { type: picture.type }));
        this.#draw(bitmap, picture);
        bitmap.close();
      } catch (err) {
        console.warn("binnacle: a picture could not be drawn", err);
      }
      this.#acknowledge(picture.seq);
    }
    this.#busy = false;
  }
}
