import { API, keepKey, takeKey } from "./api.js";
import { element } from "./element.js";
import { icon } from "./icon.js";
import { Failure } from "./request.js";

/** What the settings and the compliance page share: signing in with an API key, words for failures, dates. */

/**
 * signedIn shows the page that make builds once there is a key that works, and the sign-in form until then.
 * @param {HTMLElement} main
 * @param {string} probe path below /api/v1 that the page needs; says whether the key works
 * @param {(api: API) => Node[] | Promise<Node[]>} make
 */
export async function signedIn(main, probe, make) {
  const key = takeKey();
  if (!key) return signIn(main, probe, make, null);
  main.replaceChildren(busy("Loading…"));
  const api = new API(key);
  try {
    await api.call("GET", probe);
    main.replaceChildren(...(await make(api)));
  } catch (err) {
    const failure = asFailure(err);
    if (failure.code !== "network") keepKey("");
    signIn(main, probe, make, failure);
  }
}

/**
 * @param {HTMLElement} main
 * @param {string} probe
 * @param {(api: API) => Node[] | Promise<Node[]>} make
 * @param {Failure | null} failure
 */
function signIn(main, probe, make, failure) {
  const input = element("input", { id: "key", type: "password", autocomplete: "off", spellcheck: "false", required: true, "aria-describedby": "key-hint" });
  const form = element(
    "form",
    { class: "card sign-in stack" },
    element("h1", {}, "Sign in"),
    failure && problem(failure),
    element("div", { class: "field" }, element("label", { for: "key" }, "API key"), input,
      element("p", { class: "hint", id: "key-hint" }, "It begins with bnk_. Your operator made the first one when the server was started; it stays in this tab only.")),
    element("div", { class: "row end" }, element("button", { class: "button primary", type: "submit" }, "Sign in")),
  );
  form.addEventListener("submit", (e) => {
    e.preventDefault();
    keepKey(input.value.trim());
    void signedIn(main, probe, make);
  });
  main.replaceChildren(form);
  input.focus();
}

/** @param {unknown} err @returns {Failure} */
export function asFailure(err) {
  return err instanceof Failure ? err : new Failure("internal", "Something went wrong on this page.", "Reload it and try again.");
}

/** @param {Failure} failure */
export function problem(failure) {
  const words = [failure.message, ...(/** @type {any} */ (failure).fields ?? []).map((/** @type {any} */ f) => `${f.field}: ${f.message}`)].join(" ");
  return element("div", { class: "message danger", role: "alert" }, icon("alert"), element("strong", {}, words), failure.hint && element("p", {}, failure.hint));
}

/** @param {string} text */
export function busy(text) {
  return element("p", { class: "row muted", role: "status" }, element("span", { class: "spinner" }), text);
}

/**
 * doing runs a button's work: the button waits, and what goes wrong is told where it belongs.
 * @param {HTMLButtonElement} button
 * @param {HTMLElement} place for the words when it fails
 * @param {() => Promise<void>} work
 */
export async function doing(button, place, work) {
  button.disabled = true;
  place.replaceChildren();
  try {
    await work();
  } catch (err) {
    place.replaceChildren(problem(asFailure(err)));
  } finally {
    button.disabled = false;
  }
}

const dates = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });
const times = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** @param {string} iso */
export function date(iso) {
  return element("time", { datetime: iso }, dates.format(new Date(iso)));
}

/** @param {string} iso */
export function time(iso) {
  return element("time", { datetime: iso, title: iso }, times.format(new Date(iso)));
}

/**
 * duration says how long something took.
 * @param {string} from
 * @param {string} to
 */
export function duration(from, to) {
  const s = Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000));
  if (s < 60) return `${s} s`;
  return s < 3600 ? `${Math.round(s / 60)} min` : `${Math.floor(s / 3600)} h ${Math.round((s % 3600) / 60)} min`;
}
