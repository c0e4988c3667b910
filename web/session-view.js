import { Bar } from "./bar.js";
import { Cursors } from "./cursors.js";
import { colourOf, element } from "./element.js";
import { Marker } from "./marker.js";
import { Marks } from "./marks.js";
import { Mirror } from "./mirror.js";
import { DialogView } from "./page-dialog.js";
import { decodePicture, PictureSlot } from "./picture.js";
import { Socket } from "./socket.js";
import { Stage } from "./stage.js";
import { Surface } from "./surface.js";
import { viewEntries } from "./view-menu.js";
import { round } from "./zoom.js";

/**
 * @typedef {import("./wire.js").State} State
 * @typedef {import("./wire.js").Participant} Participant
 *
 * @typedef {object} SessionHandler
 * @property {(id: string) => Participant | undefined} participant of the call
 * @property {(state: State, before: State | null) => void} state
 * @property {(m: import("./wire.js").Notice) => void} notice
 * @property {(text: string) => void} warn
 * @property {(m: import("./wire.js").Failure) => void} fail
 * @property {(code: string, by: string, text: string) => void} ended
 */

/** SessionView is one participant's view of a session: the socket, the session bar, and the page with all that lies over it. */
export class SessionView {
  /** @type {State | null} the newest whole state */
  state = null;
  #handler;
  /** @type {Socket | null} */
  #socket = null;
  #preset = "";
  #navigated = false;
  #takingOver = false;

  #stage = new Stage();
  #mirror = new Mirror();
  #pictures = new PictureSlot(
    (bitmap, picture) => this.state && picture.epoch >= this.state.epoch && this.#stage.draw(bitmap, picture),
    (seq) => this.#socket?.send({ t: "ack", seq }),
  );
  #marks = new Marks(this.#stage.strokes, this.#stage.labels, (id) => this.#participant(id)?.name ?? "");
  #cursors = new Cursors(this.#stage.labels, (id) => this.#participant(id));
  #marker = new Marker({
    send: (m) => this.#socket?.send(m) ?? false,
    draw: (id, points, done, fade) => this.#drawOwn(id, points, done, fade),
    toPage: (x, y) => this.#toPage(x, y),
    scale: () => this.#stage.scale,
    view: () => ({ ...this.#stage.scroll, ...this.#stage.viewport }),
    point: (at) => this.#cursors.laser(this.#you, { x: at?.[0] ?? 0, y: at?.[1] ?? 0, on: at !== null }, true),
  });
  #surface = new Surface(this.#stage, this.#marker, {
    input: (m) => this.#input(m),
    leave: () => this.bar.focus(),
    go: (where) => this.send({ t: "go", where }),
    tell: (text) => this.#handler.warn(text),
  });
  #dialog = new DialogView((dialog, accept, text) => this.send({ t: "answer", dialog, accept, ...(text && { text }) }));
  bar = new Bar({
    go: (where) => this.send({ t: "go", where }),
    takeOver: () => this.takeOver(),
    stop: () => this.send({ t: "stop" }),
    clearMarks: () => this.send({ t: "clear_marks" }),
    marker: (on) => this.#setMarker(on),
    fade: (fade) => (this.#marker.fade = fade),
    softKeyboard: () => this.#surface.softKeyboard(),
    view: () => viewEntries(this.#stage, this.#mirror),
    enter: () => this.#surface.focus(),
  });
  body = element("div", { class: "bn-body" }, this.#stage.root, this.#mirror.root);

  /** @param {SessionHandler} handler */
  constructor(handler) {
    this.#handler = handler;
    this.#stage.root.append(this.#dialog.root);
  }

  /** Whether this participant navigates. */
  get navigating() {
    return this.state !== null && this.state.navigator !== "" && this.state.navigator === this.state.you;
  }

  /**
   * attach connects to a session, and stays connected until detach or its end.
   * @param {URL} url of its socket
   * @param {string} credential
   * @param {string} preset name
   */
  attach(url, credential, preset) {
    this.detach();
    this.#preset = preset;
    this.#socket = new Socket(url, credential, {
      message: (m) => this.#message(m),
      picture: (data) => {
        const picture = decodePicture(data);
        if (picture) this.#pictures.put(picture);
      },
      state: () => this.show(),
    });
  }

  /** retry does not wait for the next try to connect. */
  retry() {
    this.#socket?.retry();
  }

  /** detach forgets the session and all that it showed. */
  detach() {
    this.#marker.set(false);
    this.#socket?.close();
    this.#socket = null;
    this.#preset = "";
    this.state = null;
    this.#navigated = this.#takingOver = false;
    this.#surface.setNavigating(false);
    this.#marks.clear();
    this.#cursors.clear();
    this.#dialog.show(null, false, "");
    this.#mirror.clear();
    this.#stage.clear();
  }

  /**
   * send sends a message; without a connection it says so.
   * @param {import("./wire.js").ClientMessage} m
   */
  send(m) {
    const sent = this.#socket?.send(m) ?? false;
    if (!sent) this.#handler.warn("There is no connection at the moment. Try again when it is back.");
    return sent;
  }

  /** takeOver makes this participant the navigator, and then puts the keyboard on the page. */
  takeOver() {
    this.#takingOver = this.send({ t: "take_over" });
  }

  /**
   * show fits the bar and the veil to what is known.
   * @param {string} [opening] name of a preset that is being opened before there is a session
   */
  show(opening = "") {
    const { state, navigating } = this;
    const preset = this.#preset || opening;
    const connected = this.#socket?.state === "open";
    this.bar.show({ state, navigator: this.#participant(state?.navigator ?? ""), navigating, connected, marker: this.#marker.on, fade: this.#marker.fade, preset });
    let veil = "";
    if (this.#socket?.state === "reconnecting") veil = "Reconnecting…";
    else if (!state || state.phase === "starting") veil = preset && `Opening ${preset}…`;
    else if (state.phase === "recovering") veil = "The page is being restored…";
    this.#stage.veil(veil);
  }

  get #you() {
    return this.state?.you ?? "";
  }

  /** @param {string} id */
  #participant(id) {
    return this.state?.participants?.find((p) => p.id === id) ?? this.#handler.participant(id);
  }

  /** @param {import("./wire.js").InputMessage} m */
  #input(m) {
    const { state } = this;
    if (state && this.navigating && state.phase === "live" && !state.dialog) this.#socket?.send({ t: "input", turn: state.turn, ...m });
  }

  /** @param {import("./wire.js").ServerMessage} m */
  #message(m) {
    switch (m.t) {
      case "state":
        return this.#setState(m);
      case "notice":
        return this.#handler.notice(m);
      case "cursor":
        return this.navigating ? undefined : this.#cursors.cursor(this.state?.navigator ?? "", m);
      case "laser":
        return m.participant === this.#you ? undefined : this.#cursors.laser(m.participant, m);
      case "stroke":
        return this.#marks.own.has(m.id) ? undefined : this.#marks.append(m);
      case "marks_cleared":
        return this.#marks.clear();
      case "snapshot":
        return m.body && m.epoch >= (this.state?.epoch ?? 0) ? this.#mirror.show(m.body) : undefined;
      case "error":
        return this.#handler.fail(m);
      case "ended":
        return this.#handler.ended(m.code, m.by ?? "", m.text);
    }
  }

  /** @param {State} state */
  #setState(state) {
    const before = this.state;
    this.state = state;
    const { navigating } = this;
    this.#stage.resize(state.width, state.height);
    if (navigating !== this.#navigated || before?.turn !== state.turn) {
      if (navigating) this.#marker.set(false);
      this.#surface.setNavigating(navigating);
    }
    if (navigating || before?.navigator !== state.navigator) this.#cursors.hideCursor();
    this.#cursors.keep(state.participants ?? []);
    const own = this.#marker.drawing;
    this.#marks.set(state.strokes ?? [], own && `${this.#you}.${own}`);
    this.#dialog.show(state.dialog ?? null, navigating, this.#participant(state.navigator)?.name ?? "");
    this.#handler.state(state, before);
    this.show();
    // Whoever took over, began the session or answered a dialog can type at once.
    const nowhere = document.activeElement === document.body;
    const wanted = this.#navigated ? before?.dialog && nowhere : this.#takingOver || (!before && nowhere);
    if (navigating && wanted && !this.#dialog.open) this.#surface.focus();
    if (navigating) this.#takingOver = false;
    this.#navigated = navigating;
  }

  /** @param {boolean} on */
  #setMarker(on) {
    this.#marker.set(on);
    this.#surface.showMarker();
    this.show();
  }

  /** @param {string} id @param {[number, number][]} points @param {boolean} done @param {boolean} fade */
  #drawOwn(id, points, done, fade) {
    const whole = `${this.#you}.${id}`;
    this.#marks.own.add(whole);
    this.#marks.append({ id: whole, participant: this.#you, colour: colourOf(this.#participant(this.#you)?.colour), points, done, fade });
  }

  /** @param {number} clientX @param {number} clientY @returns {[number, number]} */
  #toPage(clientX, clientY) {
    const [x, y] = this.#stage.toViewport(clientX, clientY);
    return [round(x + this.#stage.scroll.x), round(y + this.#stage.scroll.y)];
  }
}
