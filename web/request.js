/** Failure is an error of the server in words: a code for programs, a sentence for people, the next step. */
export class Failure extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {string} [hint]
   */
  constructor(code, message, hint = "") {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

/**
 * request asks the server on behalf of a participant and returns the JSON of its answer, or throws a Failure.
 * @param {URL} url
 * @param {string} credential
 * @param {object} [body] makes it a POST
 * @returns {Promise<any>}
 */
export async function request(url, credential, body) {
  /** @type {RequestInit} */
  const init = { headers: { Authorization: "Bearer " + credential } };
  if (body) Object.assign(init, { method: "POST", body: JSON.stringify(body), headers: { ...init.headers, "Content-Type": "application/json" } });
  let response;
  try {
    response = await fetch(url, init);
  } catch {
    throw new Failure("network", "The server cannot be reached.", "Check your connection, then try again.");
  }
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  const error = answer.error ?? {};
  throw new Failure(error.code ?? "http_" + response.status, error.message ?? `The server answered ${response.status}.`, error.hint ?? "Try again in a moment.");
}
