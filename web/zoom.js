// How the shared viewport is laid into the stage. All numbers are CSS pixels.

const STEPS = [0.25, 0.33, 0.5, 0.67, 0.75, 0.9, 1, 1.25, 1.5, 2, 3];

/** @typedef {{width: number, height: number}} Size */

/**
 * fitScale is the largest scale at which the whole content is in the box.
 * @param {Size} content
 * @param {Size} box
 */
export function fitScale(content, box) {
  if (content.width <= 0 || content.height <= 0) return 1;
  return Math.max(0.05, Math.min(box.width / content.width, box.height / content.height));
}

/**
 * toViewport maps a point of the screen to the shared viewport.
 * @param {number} clientX
 * @param {number} clientY
 * @param {{left: number, top: number, width: number, height: number}} rect where the viewport is on the screen
 * @param {Size} viewport
 * @returns {[number, number]}
 */
export function toViewport(clientX, clientY, rect, viewport) {
  if (rect.width <= 0 || rect.height <= 0) return [0, 0];
  return [round(((clientX - rect.left) / rect.width) * viewport.width), round(((clientY - rect.top) / rect.height) * viewport.height)];
}

/** @param {number} v two decimals are enough for any screen, and short on the wire */
export function round(v) {
  return Math.round(v * 100) / 100;
}

/** Zoom is the participant's own choice of scale: fit (0), or a fixed one. It changes nothing for others. */
export class Zoom {
  /** 0: fit */
  fixed = 0;

  /**
   * scale is what the choice means now.
   * @param {Size} content
   * @param {Size} box
   */
  scale(content, box) {
    return this.fixed || fitScale(content, box);
  }

  /** fit shows all. */
  fit() {
    this.fixed = 0;
  }

  /** @param {number} scale */
  set(scale) {
    this.fixed = Math.min(4, Math.max(0.1, scale));
  }

  /**
   * step goes to the next step up or down from the present scale.
   * @param {number} now
   * @param {1 | -1} direction
   */
  step(now, direction) {
    const next = direction > 0 ? STEPS.find((s) => s > now * 1.01) : STEPS.findLast((s) => s < now * 0.99);
    if (next) this.fixed = next;
  }
}
