import { meaningOf, modsOf, pointerMods } from "./keys.js";

/** How much text one paste may bring, in bytes (docs/PROTOCOL.md, "Limits"). */
export const MAX_TEXT_BYTES = 32 * 1024;
const MAX_MESSAGE_BYTES = 60 * 1024;

/** Soft keyboards report a deletion only where there is something to delete. */
const SOMETHING = "\u200b";

/**
 * @typedef {object} KeyboardHandler
 * @property {import("./pointer.js").Send} send
 * @property {() => void} leave the way out was taken
 * @property {(where: "back" | "forward" | "reload") => void} go
 * @property {(text: string) => void} tell says in words why something was not done
 */

/**
 * pasteFault says in words why a text cannot be pasted; "" when it can.
 * @param {string} text
 */
export function pasteFault(text) {
  if (text === "") return "There is no text on the clipboard.";
  const bytes = new TextEncoder().encode(text).length;
  if (bytes <= MAX_TEXT_BYTES && new TextEncoder().encode(JSON.stringify(text)).length <= MAX_MESSAGE_BYTES) return "";
  return `The text on the clipboard is too long to paste: ${Math.ceil(bytes / 1024)} KB. The limit is ${MAX_TEXT_BYTES / 1024} KB.`;
}

/**
 * Keyboard turns what the navigator types into inputs. Keys go as keys; what an input method, a dead key, a soft keyboard or the
 * clipboard makes goes as text. All of it is received by a text area that nobody sees, because only that gets composition events.
 */
export class Keyboard {
  #area;
  #handler;
  #mac;
  /** @type {Map<string, import("./keys.js").RemoteKey>} */
  #held = new Map();
  #composing = false;

  /**
   * @param {HTMLTextAreaElement} area
   * @param {boolean} mac
   * @param {KeyboardHandler} handler
   */
  constructor(area, mac, handler) {
    this.#area = area;
    this.#mac = mac;
    this.#handler = handler;
    area.value = SOMETHING;
    area.addEventListener("keydown", (e) => this.#down(e));
    area.addEventListener("keyup", (e) => this.#up(e));
    area.addEventListener("compositionstart", () => (this.#composing = true));
    area.addEventListener("compositionupdate", (e) => this.#compose(e.data));
    area.addEventListener("compositionend", (e) => this.#commit(e.data));
    area.addEventListener("beforeinput", (e) => this.#beforeInput(e));
    area.addEventListener("input", () => this.#composing || this.#empty());
    area.addEventListener("paste", (e) => this.#paste(e));
    area.addEventListener("blur", () => this.release());
  }

  /** release lets go of every held key: focus was lost. */
  release() {
    for (const [code, key] of this.#held) this.#key("up", { ...key, mods: 0 }, code);
    this.#held.clear();
  }

  /** forget drops what is held without a word: it is another's turn. */
  forget() {
    this.#held.clear();
    this.#composing = false;
    this.#empty();
  }

  /** @param {KeyboardEvent} e */
  #down(e) {
    const meaning = meaningOf(e, this.#mac);
    switch (meaning.do) {
      case "compose":
      case "local":
      case "paste":
        return;
      case "leave":
        e.preventDefault();
        this.release();
        return this.#handler.leave();
      case "copy":
        e.preventDefault();
        return this.#handler.tell("Text cannot be copied out of the shared page.");
      case "go":
        e.preventDefault();
        return e.repeat ? undefined : this.#handler.go(meaning.where);
    }
    e.preventDefault();
    e.stopPropagation();
    const code = e.code || e.key;
    this.#held.set(code, meaning.key);
    this.#key("down", meaning.key, code, e.repeat);
  }

  /** @param {KeyboardEvent} e */
  #up(e) {
    const code = e.code || e.key;
    const key = this.#held.get(code);
    if (key) {
      this.#held.delete(code);
      this.#key("up", { ...key, mods: this.#mac ? pointerMods(e, true) : modsOf(e) }, code);
    }
    // macOS tells nothing of keys that go up while ⌘ is held.
    if (this.#mac && e.key === "Meta") this.release();
  }

  /** @param {string} text */
  #compose(text) {
    this.#handler.send({ kind: "compose", text, selStart: text.length, selEnd: text.length });
  }

  /** @param {string} text */
  #commit(text) {
    this.#composing = false;
    if (text) this.#handler.send({ kind: "text", text });
    else this.#compose("");
    this.#empty();
  }

  /** @param {InputEvent} e */
  #beforeInput(e) {
    if (this.#composing || e.isComposing || e.inputType.includes("Composition")) return;
    e.preventDefault();
    switch (e.inputType) {
      case "insertText":
        if (e.data) this.#handler.send({ kind: "text", text: e.data });
        return;
      case "insertLineBreak":
      case "insertParagraph":
        return this.#press("Enter");
      case "deleteContentBackward":
      case "deleteWordBackward":
        return this.#press("Backspace");
      case "deleteContentForward":
        return this.#press("Delete");
    }
  }

  /** @param {ClipboardEvent} e */
  #paste(e) {
    e.preventDefault();
    const text = (e.clipboardData?.getData("text/plain") ?? "").replaceAll("\r\n", "\n");
    const fault = pasteFault(text);
    if (fault) this.#handler.tell(fault);
    else this.#handler.send({ kind: "text", text });
  }

  #empty() {
    this.#area.value = SOMETHING;
    this.#area.setSelectionRange(SOMETHING.length, SOMETHING.length);
  }

  /** @param {string} key a soft keyboard's key that arrives as an edit */
  #press(key) {
    this.#key("down", { key, code: key, location: 0, mods: 0 }, key);
    this.#key("up", { key, code: key, location: 0, mods: 0 }, key);
  }

  /**
   * @param {"down" | "up"} type
   * @param {import("./keys.js").RemoteKey} key
   * @param {string} code
   * @param {boolean} [repeat]
   */
  #key(type, key, code, repeat = false) {
    this.#handler.send({ kind: "key", type, key: key.key, code: key.code || code, location: key.location, mods: key.mods, repeat });
  }
}
