import { forget, join, takeToken } from "./credential.js";
import { Door } from "./door.js";
import { element, setText } from "./element.js";
import { icon } from "./icon.js";
import { Participants } from "./participants.js";
import { Failure } from "./request.js";
import { StartMenu } from "./start-menu.js";
import { BinnacleViewer } from "./viewer.js";

// The call page: it stands for a call product into which the viewer is embedded.

const room = /** @type {HTMLElement} */ (document.querySelector("main"));
const token = takeToken();
const door = new Door();
const viewer = new BinnacleViewer();
const participants = new Participants();
const title = element("span", { class: "call-title truncate" });
const link = element("span", { class: "call-link", role: "status" });
const count = element("span", { class: "call-count" });
const bar = element(
  "div",
  { class: "call-bar", role: "region", "aria-label": "Call" },
  element("div", { class: "call-what" }, title, link),
  new StartMenu(viewer).root,
  element("div", { class: "call-who" }, icon("people"), count),
);

// A new link in the same tab: join again.
addEventListener("hashchange", () => location.hash && location.reload());
viewer.addEventListener("binnacle-call", () => show());
viewer.addEventListener("binnacle-view", () => show());
viewer.addEventListener("binnacle-navigator-changed", () => show());
viewer.addEventListener("binnacle-session-started", () => show());
viewer.addEventListener("binnacle-connection", (e) => connection(/** @type {CustomEvent} */ (e).detail.state));
viewer.addEventListener("binnacle-error", (e) => {
  if (/** @type {CustomEvent} */ (e).detail.code === "credential") over("You are not signed in to this call any more.", "Ask the person who invited you for a new link.");
});
viewer.addEventListener("binnacle-call-ended", (e) => over(/** @type {CustomEvent} */ (e).detail.text, "You can close this page."));

room.append(participants.root, viewer);
document.body.append(bar, door.root);
void enter();

async function enter() {
  door.joining();
  try {
    const joined = await join(viewer.server, token);
    setText(title, joined.call.title || "Call");
    viewer.setAttribute("call", joined.call.id);
    viewer.setAttribute("credential", joined.credential);
  } catch (err) {
    const { code, message, hint } = err instanceof Failure ? err : new Failure("internal", "You could not join the call.", "Try again in a moment.");
    door.closed(message, hint, code === "network" ? () => void enter() : null);
  }
}

/** show fits the page to the call's newest state. */
function show() {
  const call = viewer.callState;
  if (!call || document.body.dataset.room === "over") return;
  const name = call.title || "Call";
  document.title = `${name} · Binnacle`;
  setText(title, name);
  if (call.admitted) door.open();
  else door.waiting(call.title ?? "");
  document.body.dataset.room = call.admitted ? "in" : "waiting";
  document.body.dataset.view = call.admitted ? viewer.state : "idle";
  const all = call.participants ?? [];
  participants.show(all, call.you, viewer.sessionState?.navigator ?? all.find((p) => p.role === "navigator")?.id ?? "");
  const here = all.filter((p) => p.connected).length;
  setText(count, here === 1 ? "1 in the call" : `${here} in the call`);
}

/** @param {string} state of the connection to the call */
function connection(state) {
  const words = { connecting: "Connecting…", open: "Connected", reconnecting: "Reconnecting…", closed: "Not connected" };
  setText(link, words[/** @type {keyof typeof words} */ (state)] ?? "");
  link.dataset.state = state;
}

/**
 * over ends the call for this participant.
 * @param {string} message
 * @param {string} hint
 */
function over(message, hint) {
  forget();
  viewer.remove();
  document.body.dataset.room = "over";
  document.body.dataset.view = "idle";
  door.closed(message, hint);
}
