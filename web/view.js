import { join, takeToken } from "./credential.js";
import { Door } from "./door.js";
import { element } from "./element.js";
import { FrameParent } from "./frame-parent.js";
import { icon } from "./icon.js";
import { Failure } from "./request.js";
import { StartMenu } from "./start-menu.js";
import { BinnacleViewer } from "./viewer.js";

// The viewer alone, for a frame in a call product.

const token = takeToken();
const door = new Door();
const viewer = new BinnacleViewer();
const idle = element("div", { class: "view-idle" }, icon("compass"), element("p", {}, "No page is being co-browsed."), new StartMenu(viewer).root);
const parent = new FrameParent(viewer.server);

addEventListener("hashchange", () => location.hash && location.reload());
parent.relay(viewer);
viewer.addEventListener("binnacle-call", () => show());
viewer.addEventListener("binnacle-view", () => show());
viewer.addEventListener("binnacle-error", (e) => {
  const { code, message, hint } = /** @type {CustomEvent} */ (e).detail;
  if (code === "credential") door.closed(message, hint);
});
viewer.addEventListener("binnacle-call-ended", (e) => door.closed(/** @type {CustomEvent} */ (e).detail.text, "You can close this view."));
document.querySelector("main")?.append(idle, viewer);
document.body.append(door.root);
void enter();

async function enter() {
  door.joining();
  try {
    const joined = await join(viewer.server, token);
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
  if (!call) return;
  if (call.admitted) door.open();
  else door.waiting(call.title ?? "");
  document.body.dataset.view = viewer.state;
  idle.hidden = viewer.state !== "idle" || !call.admitted;
}
