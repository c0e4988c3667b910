import { Failure } from "./request.js";

// The API key of the console's pages stays in this tab. It came from the sign-in form, or behind "#key=" in the address.

const KEY = "binnacle.key";

/** takeKey moves a key out of the page's address, so that it is in no history and no screenshot, and returns the tab's key, or "". */
export function takeKey() {
  const key = new URLSearchParams(location.hash.slice(1)).get("key") ?? "";
  if (key) {
    history.replaceState(history.state, "", location.pathname + location.search);
    keepKey(key);
  }
  try {
    return key || (sessionStorage.getItem(KEY) ?? "");
  } catch {
    return key;
  }
}

/** @param {string} key "" forgets it */
export function keepKey(key) {
  try {
    if (key) sessionStorage.setItem(KEY, key);
    else sessionStorage.removeItem(KEY);
  } catch {
    // Storage is refused: the page works until it is reloaded.
  }
}

/**
 * fileName reads the name under which an answer is to be saved.
 * @param {string | null} disposition the header Content-Disposition
 */
export function fileName(disposition) {
  const found = /;\s*filename=(?:"([^"]+)"|([^\s;]+))/i.exec(disposition ?? "");
  return (found?.[1] ?? found?.[2] ?? "co-browse-log").replace(/[/\\]/g, "_");
}

/** API talks to /api/v1 with a key. Every method throws a Failure in words. */
export class API {
  #key;

  /** @param {string} key */
  constructor(key) {
    this.#key = key;
  }

  /**
   * @param {string} method
   * @param {string} path below /api/v1
   * @param {object} [body]
   * @param {string} [version] of what is changed: the change is refused when somebody else was faster
   * @returns {Promise<any>}
   */
  async call(method, path, body, version) {
    const response = await this.#fetch(method, path, body, version);
    return response.status === 204 ? {} : response.json();
  }

  /**
   * all follows a list to its end.
   * @param {string} path
   * @returns {Promise<any[]>}
   */
  async all(path) {
    const items = [];
    for (let next = ""; ; ) {
      const page = await this.call("GET", path + (next ? (path.includes("?") ? "&" : "?") + "after=" + encodeURIComponent(next) : ""));
      items.push(...page.items);
      next = page.next;
      if (!next) return items;
    }
  }

  /**
   * download saves an answer as a file, under the name that the server gives it.
   * @param {string} path
   */
  async download(path) {
    const response = await this.#fetch("GET", path);
    const name = fileName(response.headers.get("Content-Disposition"));
    const body = await response.blob().catch(() => {
      throw new Failure("network", "The download was cut off.", "Nothing was saved: half a log is no log. Try again.");
    });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(body);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    return name;
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {object} [body]
   * @param {string} [version]
   */
  async #fetch(method, path, body, version) {
    /** @type {Record<string, string>} */
    const headers = { Authorization: "Bearer " + this.#key };
    if (body) headers["Content-Type"] = "application/json";
    if (version) headers["If-Match"] = `"${version}"`;
    let response;
    try {
      response = await fetch("/api/v1" + path, { method, headers, body: body ? JSON.stringify(body) : null });
    } catch {
      throw new Failure("network", "The server cannot be reached.", "Check your connection, then try again.");
    }
    if (response.ok) return response;
    const error = (await response.json().catch(() => ({}))).error ?? {};
    const failure = new Failure(error.code ?? "http_" + response.status, error.message ?? `The server answered ${response.status}.`, error.hint ?? "Try again in a moment.");
    throw Object.assign(failure, { fields: error.fields ?? [], status: response.status });
  }
}
