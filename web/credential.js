import { Failure } from "./request.js";

// The credential is what a join token was exchanged for. It stays in this tab: a reload works, another tab needs its own link.

const KEY = "binnacle.credential";

/**
 * @typedef {object} Joined
 * @property {string} credential
 * @property {{id: string, name: string, colour: string}} participant
 * @property {{id: string, title?: string}} call
 */

/** @type {Record<string, [string, string]>} */
const words = {
  token_used: ["This link was used already.", "Each link works once. Ask the person who invited you for a new one."],
  token_expired: ["This link has expired.", "Ask the person who invited you for a new one."],
  token_invalid: ["This link is not valid.", "Check that it was copied whole, or ask the person who invited you for a new one."],
  no_token: ["You need a link to join this call.", "Open the link that you were given. If you have none, ask the person who invited you."],
  network: ["The call cannot be reached.", "Check your connection, then try again."],
};

/**
 * joinFailure returns the words for a code; the server's own when we have none.
 * @param {string} code
 * @param {string} [message]
 * @param {string} [hint]
 */
export function joinFailure(code, message = "You could not join the call.", hint = "Try again, or ask the person who invited you for a new link.") {
  const [own, next] = words[code] ?? [message, hint];
  return new Failure(code, own, next);
}

/** takeToken takes the join token out of the page's address, and cleans the address, so that it is in no history and no screenshot. */
export function takeToken() {
  const token = new URLSearchParams(location.hash.slice(1)).get("t") ?? "";
  if (location.hash) history.replaceState(history.state, "", location.pathname + location.search);
  return token;
}

/**
 * join exchanges a token, once, and keeps what it was exchanged for. Without a token, or with the one of last time, it returns what
 * this tab keeps. It throws a Failure in words; after code "network" the same token may be tried again.
 * @param {URL} base
 * @param {string} token
 * @returns {Promise<Joined>}
 */
export async function join(base, token) {
  const kept = load();
  if (kept && (!token || kept.token === token)) return kept.joined;
  if (!token) throw joinFailure("no_token");
  let response, body;
  try {
    response = await fetch(new URL("join", base), { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ token }) });
    body = await response.json().catch(() => ({}));
  } catch {
    throw joinFailure("network");
  }
  if (!response.ok) throw joinFailure(body.error?.code ?? "http_" + response.status, body.error?.message, body.error?.hint);
  save(token, body);
  return body;
}

/** forget drops the credential of this tab. */
export function forget() {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Storage is refused (a third-party frame, a privacy setting): there is nothing to forget.
  }
}

/** @returns {{token: string, joined: Joined} | null} */
function load() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    return typeof kept?.joined?.credential === "string" ? kept : null;
  } catch {
    return null;
  }
}

/**
 * @param {string} token
 * @param {Joined} joined
 */
function save(token, joined) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ token, joined }));
  } catch {
    // Storage is refused: the call works, a reload needs a new link.
  }
}
