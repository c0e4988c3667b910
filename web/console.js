import { API, keepKey, takeKey } from "./api.js";
import { element, setText } from "./element.js";
import { icon } from "./icon.js";
import { Failure } from "./request.js";

/** What the settings and the compliance page share: signing in with an API key, words for failures, work of buttons. */

/** @typedef {(api: API) => Node[] | Promise<Node[]>} Make */

/** Codes that say that the key itself is no good here: another one has to be given. */
const KEY_CODES = ["key_missing", "key_invalid", "scope_missing"];

/**
 * signedIn shows the page that make builds once there is a key that works, and the sign-in form until then.
 * @param {HTMLElement} main
 * @param {string} probe path below /api/v1 that the page needs; says whether the key works
 * @param {Make} make
 */
export async function signedIn(main, probe, make) {
  addEventListener("hashchange", () => {
    if (new URLSearchParams(location.hash.slice(1)).has("key")) location.reload(); // takeKey does the rest
  });
  document.querySelector(".skip-link")?.addEventListener("click", (e) => {
    e.preventDefault(); // the place in the page is in the address: "#main" would lose it
    main.tabIndex = -1;
    main.focus();
  });
  await enter(main, probe, make, takeKey());
}

/**
 * @param {HTMLElement} main
 * @param {string} probe
 * @param {Make} make
 * @param {string} key
 */
async function enter(main, probe, make, key) {
  if (!key) return signIn(main, probe, make, null);
  main.replaceChildren(busy("Loading…"));
  const api = new API(key);
  try {
    await api.call("GET", probe);
    keepKey(key);
    main.replaceChildren(...(await make(api)));
    offerSignOut();
  } catch (err) {
    const failure = asFailure(err);
    if (failure.code === "key_invalid") keepKey(""); // a key that lacks a scope may be right for the other page
    if (KEY_CODES.includes(failure.code)) signIn(main, probe, make, failure);
    else cannotLoad(main, failure, () => void enter(main, probe, make, key));
  }
}

/**
 * @param {HTMLElement} main
 * @param {string} probe
 * @param {Make} make
 * @param {Failure | null} failure
 */
function signIn(main, probe, make, failure) {
  const input = element("input", { id: "key", type: "password", autocomplete: "off", spellcheck: "false", required: true, "aria-describedby": failure ? "key-problem key-hint" : "key-hint", "aria-invalid": failure && "true" });
  const form = element(
    "form",
    { class: "card sign-in stack" },
    element("h1", {}, "Sign in"),
    failure && element("div", { id: "key-problem" }, problem(failure)),
    element("div", { class: "field" }, element("label", { for: "key" }, "API key"), input,
      element("p", { class: "hint", id: "key-hint" }, "It begins with bnk_. Whoever runs this server has the first one, and makes more in the settings. It stays in this tab only.")),
    element("div", { class: "row end" }, element("button", { class: "button primary", type: "submit" }, "Sign in")),
  );
  form.addEventListener("submit", (e) => {
    e.preventDefault();
    void enter(main, probe, make, input.value.trim());
  });
  main.replaceChildren(form);
  input.focus();
}

/**
 * @param {HTMLElement} main
 * @param {Failure} failure
 * @param {() => void} again
 */
function cannotLoad(main, failure, again) {
  const retry = element("button", { class: "button primary", type: "button" }, "Try again");
  retry.addEventListener("click", again);
  main.replaceChildren(element("div", { class: "card sign-in stack" }, element("h1", {}, "The page cannot be loaded"), problem(failure), element("div", { class: "row end" }, retry)));
}

/** offerSignOut puts a button into the page's header: the next person at this desk shall not have the key. */
function offerSignOut() {
  const header = document.querySelector(".page-header .container");
  if (!header || document.getElementById("sign-out")) return;
  const out = element("button", { class: "button quiet small", type: "button", id: "sign-out" }, "Sign out");
  out.addEventListener("click", () => {
    keepKey("");
    location.replace(location.pathname); // whose record it was stands behind "#"
  });
  header.append(out);
}

/** @param {unknown} err @returns {Failure} */
export function asFailure(err) {
  return err instanceof Failure ? err : new Failure("internal", "Something went wrong on this page.", "Reload it and try again.");
}

/** @param {Failure} failure */
export function problem(failure) {
  return element("div", { class: "message danger", role: "alert" }, icon("alert"), element("strong", {}, failure.message), failure.hint && element("p", {}, failure.hint));
}

/** @param {string} text */
export function busy(text) {
  return element("p", { class: "row muted", role: "status" }, element("span", { class: "spinner", "aria-hidden": "true" }), text);
}

/**
 * doing runs a button's work once at a time. The button keeps the focus meanwhile; what goes wrong is told where it belongs.
 * @param {HTMLButtonElement} button
 * @param {HTMLElement} place for the words when it fails
 * @param {() => Promise<void>} work
 * @param {(failure: Failure) => void} [tell] instead of putting the words into place
 */
export async function doing(button, place, work, tell = (failure) => place.replaceChildren(problem(failure))) {
  if (button.ariaDisabled === "true") return;
  button.ariaDisabled = "true";
  place.replaceChildren();
  try {
    await work();
  } catch (err) {
    tell(asFailure(err));
  } finally {
    button.ariaDisabled = null;
  }
}

/**
 * copyButton copies what text returns, and says so.
 * @param {string} name of the button
 * @param {HTMLElement} shown is selected where the browser does not let a page copy
 */
export function copyButton(name, shown) {
  const said = element("span", { role: "status", class: "muted small" });
  const button = element("button", { class: "button", type: "button" }, icon("copy"), element("span", {}, name));
  button.addEventListener("click", async () => {
    setText(said, "");
    try {
      await navigator.clipboard.writeText(shown.textContent ?? "");
      setText(said, "Copied.");
    } catch {
      getSelection()?.selectAllChildren(shown);
      setText(said, "The browser does not let this page copy. The text is selected: press Ctrl+C, or ⌘C.");
    }
  });
  return { root: element("div", { class: "row" }, button, said), button, clear: () => setText(said, "") };
}
