import { Notices } from "./notices.js";
import { Failure, request } from "./request.js";
import { SessionView } from "./session-view.js";
import { Socket } from "./socket.js";

/**
 * @typedef {import("./wire.js").Call} Call
 * @typedef {import("./wire.js").SessionRef} SessionRef
 * @typedef {{id: string, name: string, address: string}} Preset
 */

/** Failures that pass by themselves: the connection is set up again, the page takes input again. */
const PASSING = new Set(["busy", "hello", "internal", "too_fast", "too_slow"]);

/** How long to wait for the session's own last words after the call said that it is over. */
const LAST_WORDS = 1500;

/**
 * <binnacle-viewer server="https://binnacle.example/" call="…" credential="…"> shows the co-browsed page of a call, from before the
 * session begins until after it ended. docs/EMBEDDING.md is its manual.
 */
export class BinnacleViewer extends HTMLElement {
  static observedAttributes = ["call", "credential"];

  /** @type {Call | null} the newest state of the call */
  callState = null;
  /** @type {Socket | null} */
  #socket = null;
  /** @type {SessionRef | null} */
  #session = null;
  /** id of the session whose beginning was told */
  #told = "";
  /** id of a session that is over here */
  #over = "";
  #opening = "";
  #ending = 0;
  #notices = new Notices();
  #view = new SessionView({
    participant: (id) => this.callState?.participants?.find((p) => p.id === id),
    state: (state, before) => this.#stateChanged(state, before),
    notice: (m) => this.#notice(m),
    warn: (text) => this.#notices.say(text, "warning"),
    fail: (m) => this.#socketFailed(m),
    ended: (code, by, text) => this.#end(code, by, text),
  });

  /** The server's address; this page's own when the attribute is missing. */
  get server() {
    return new URL(this.getAttribute("server") ?? "/", document.baseURI);
  }

  /** The newest state of the session, or null. */
  get sessionState() {
    return this.#view.state;
  }

  /** What the viewer shows: idle, opening or session. The attribute "state" says it too. */
  get state() {
    return this.getAttribute("state") ?? "idle";
  }

  connectedCallback() {
    if (!this.hasChildNodes()) this.append(this.#view.bar.root, this.#view.body, this.#notices.root);
    this.#show();
    this.#connect();
  }

  disconnectedCallback() {
    clearTimeout(this.#ending);
    this.#socket?.close();
    this.#socket = null;
    this.#session = null;
    this.#view.detach();
  }

  /** @param {string} _name @param {string | null} before @param {string | null} after */
  attributeChangedCallback(_name, before, after) {
    if (!this.isConnected || before === after) return;
    this.disconnectedCallback();
    this.#connect();
  }

  /**
   * presets returns what may be co-browsed.
   * @returns {Promise<Preset[]>}
   */
  async presets() {
    const answer = await request(this.#callURL("presets"), this.#credential);
    return Array.isArray(answer.presets) ? answer.presets : [];
  }

  /**
   * start opens a preset for all in the call. It tells the participant what went wrong, and says whether all went well.
   * @param {Preset} preset
   */
  async start(preset) {
    this.#notices.clearAlerts();
    this.#opening = preset.name;
    this.#show();
    try {
      await request(this.#callURL("session"), this.#credential, { preset: preset.id });
      return true;
    } catch (err) {
      this.#fail(err instanceof Failure ? err : new Failure("internal", "The page could not be opened.", "Try again in a moment."));
      return false;
    } finally {
      this.#opening = "";
      this.#show();
    }
  }

  /** takeOver makes this participant the navigator. */
  takeOver() {
    this.#view.takeOver();
  }

  /** stop ends the session for all. */
  stop() {
    this.#view.send({ t: "stop" });
  }

  /** leave takes this participant out of the session, which goes on for the others. */
  leave() {
    this.#view.send({ t: "leave" });
  }

  /**
   * say shows a notice among the viewer's own.
   * @param {string} text
   * @param {string} [level] info, warning, error
   */
  say(text, level) {
    this.#notices.say(text, level);
  }

  get #credential() {
    return this.getAttribute("credential") ?? "";
  }

  /** @param {string} path */
  #callURL(path) {
    return new URL(`c/${encodeURIComponent(this.getAttribute("call") ?? "")}/${path}`, this.server);
  }

  /**
   * @param {string} name
   * @param {object} detail
   */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent("binnacle-" + name, { detail, bubbles: true, composed: true }));
  }

  #connect() {
    if (this.#socket || !this.#credential || !this.getAttribute("call")) return;
    this.#socket = new Socket(socketURL(this.#callURL("ws")), this.#credential, {
      message: (m) => {
        if (m.t === "call") this.#setCall(m);
        else if (m.t === "notice") this.#notice(m);
        else if (m.t === "error") this.#socketFailed(m);
        else if (m.t === "ended") this.#callEnded(m.code, m.text);
      },
      state: (state) => this.#tell("connection", { state }),
    });
  }

  /** @param {Call} call */
  #setCall(call) {
    this.callState = call;
    const session = call.admitted ? call.session : null;
    if (session) {
      clearTimeout(this.#ending);
      if (this.#session && this.#session.id !== session.id) this.#end("ended", "", "");
      if (session.id !== this.#over) this.#follow(session);
    } else if (this.#session) {
      clearTimeout(this.#ending);
      this.#ending = setTimeout(() => this.#end("ended", "", ""), LAST_WORDS);
    }
    this.#show();
    this.#tell("call", { call });
  }

  /** @param {SessionRef} session */
  #follow(session) {
    const attached = this.#session !== null;
    this.#session = session;
    if (attached) this.#view.retry();
    else this.#view.attach(socketURL(new URL("ws", new URL(session.path, this.server))), this.#credential, session.preset);
    if (session.phase !== "starting") this.#began();
  }

  #began() {
    const session = this.#session;
    if (!session || this.#told === session.id) return;
    this.#told = session.id;
    this.#notices.clearAlerts(); // an earlier try's failure is history
    this.#tell("session-started", { session: session.id, preset: session.preset, startedBy: session.startedBy });
  }

  /** @param {import("./wire.js").State} state @param {import("./wire.js").State | null} before */
  #stateChanged(state, before) {
    if (state.phase !== "starting") this.#began();
    if (before && before.navigator !== state.navigator) {
      const name = state.participants?.find((p) => p.id === state.navigator)?.name ?? "";
      this.#tell("navigator-changed", { session: state.session, navigator: state.navigator, name, you: this.#view.navigating });
    }
  }

  /** @param {import("./wire.js").Notice} m */
  #notice({ code, text, level, participant = "" }) {
    this.#notices.say(text, level);
    this.#tell("notice", { code, text, level, participant });
  }

  /** @param {{code: string, message: string, hint?: string}} failure */
  #fail({ code, message, hint = "" }) {
    this.#notices.alert(message, hint);
    this.#tell("error", { code, message, hint });
  }

  /** @param {import("./wire.js").Failure} failure */
  #socketFailed(failure) {
    // A session that is over already: the call says so itself.
    if (failure.code === "session_unknown") return;
    if (PASSING.has(failure.code)) this.#notices.say(failure.message, "warning");
    else this.#fail(failure);
  }

  /** @param {string} code @param {string} text */
  #callEnded(code, text) {
    this.#end("ended", "", "");
    this.#notices.say(text, "warning");
    this.#tell("call-ended", { code, text });
  }

  /** @param {string} code @param {string} by @param {string} text */
  #end(code, by, text) {
    clearTimeout(this.#ending);
    const session = this.#session;
    if (!session) return;
    this.#over = session.id;
    this.#session = null;
    this.#view.detach();
    this.#notices.say(text, code === "stopped" ? "info" : "warning");
    this.#show();
    if (this.#told === session.id) this.#tell("session-ended", { session: session.id, code, by, text });
  }

  #show() {
    const state = this.#session ? "session" : this.#opening ? "opening" : "idle";
    const changed = state !== this.state;
    this.setAttribute("state", state);
    this.#view.show(this.#opening);
    if (changed) this.#tell("view", { state });
  }
}

/** @param {URL} url */
function socketURL(url) {
  url.protocol = url.protocol === "http:" ? "ws:" : "wss:";
  return url;
}

customElements.define("binnacle-viewer", BinnacleViewer);
