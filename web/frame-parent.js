/** The viewer's events that the page around the frame is told. Nothing of the shared page itself is among them. */
const EVENTS = ["session-started", "session-ended", "navigator-changed", "notice", "error"];

/** FrameParent tells the page around the frame what happens, if it is one of the call products in the server's configuration. */
export class FrameParent {
  /** @type {Promise<string[]>} */
  #origins;

  /** @param {URL} server */
  constructor(server) {
    this.#origins = parent === window ? Promise.resolve([]) : allowedParents(server);
  }

  /** @param {HTMLElement} viewer */
  relay(viewer) {
    for (const event of EVENTS) {
      viewer.addEventListener("binnacle-" + event, (e) => void this.#tell({ type: "binnacle", event, ...(/** @type {CustomEvent} */ (e).detail) }));
    }
  }

  /** @param {object} message */
  async #tell(message) {
    for (const origin of await this.#origins) parent.postMessage(message, origin);
  }
}

/**
 * allowedParents returns the exact origins that may be told. Where the browser says who the parent is, that is all that is left.
 * @param {URL} server
 * @returns {Promise<string[]>}
 */
async function allowedParents(server) {
  try {
    const response = await fetch(new URL("config.json", server));
    const { frameParents } = response.ok ? await response.json() : { frameParents: [] };
    const actual = location.ancestorOrigins?.[0];
    return (Array.isArray(frameParents) ? frameParents : []).filter((o) => typeof o === "string" && /^https?:\/\/[^/*]+$/.test(o) && (!actual || o === actual));
  } catch {
    return [];
  }
}
