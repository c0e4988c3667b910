// The messages of the wire protocol, as docs/PROTOCOL.md names them. Types only, but for one constant and one reader.

/** The version of the protocol that these pages speak. */
export const PROTOCOL_VERSION = 1;

/**
 * @typedef {object} Participant
 * @property {string} id
 * @property {string} name
 * @property {string} colour
 * @property {string} [role] navigator, observer
 * @property {boolean} connected
 */

/**
 * @typedef {object} SessionRef
 * @property {string} id
 * @property {string} path
 * @property {string} phase starting, live, recovering
 * @property {string} preset
 * @property {string} startedBy
 */

/**
 * @typedef {object} Call
 * @property {"call"} t
 * @property {string} id
 * @property {string} [title]
 * @property {string} you
 * @property {boolean} admitted
 * @property {Participant[] | null} participants
 * @property {SessionRef | null} session
 */

/**
 * @typedef {object} PageDialog
 * @property {number} id
 * @property {string} type alert, confirm, prompt, beforeunload
 * @property {string} message
 * @property {string} [default]
 * @property {string} origin
 */

/**
 * @typedef {object} Stroke
 * @property {"stroke"} [t]
 * @property {string} id
 * @property {string} participant
 * @property {string} colour
 * @property {[number, number][] | null} points
 * @property {boolean} [done]
 * @property {boolean} [fade]
 */

/**
 * @typedef {object} State
 * @property {"state"} t
 * @property {string} session
 * @property {number} epoch
 * @property {number} turn
 * @property {string} phase starting, live, recovering, frozen
 * @property {string} you
 * @property {string} navigator
 * @property {Participant[] | null} participants
 * @property {string} preset
 * @property {string} address
 * @property {string} title
 * @property {number} width
 * @property {number} height
 * @property {Stroke[] | null} strokes
 * @property {PageDialog | null} dialog
 * @property {number} [endsAt]
 */

/**
 * @typedef {object} Notice
 * @property {"notice"} t
 * @property {string} code
 * @property {string} text
 * @property {string} [participant]
 * @property {string} level info, warning, error
 */

/** @typedef {{t: "cursor", x: number, y: number, on: boolean}} Cursor */
/** @typedef {{t: "laser", participant: string, x: number, y: number, on: boolean}} Laser */
/** @typedef {{t: "marks_cleared", participant: string}} MarksCleared */
/** @typedef {{t: "error", code: string, message: string, hint?: string}} Failure */
/** @typedef {{t: "ended", code: string, by?: string, text: string}} Ended */

/**
 * @typedef {object} MirrorNode
 * @property {string} role
 * @property {string} [name]
 * @property {string} [value]
 * @property {string} [description]
 * @property {number} [level]
 * @property {string} [checked]
 * @property {string} [expanded]
 * @property {boolean} [selected]
 * @property {boolean} [disabled]
 * @property {boolean} [required]
 * @property {boolean} [invalid]
 * @property {boolean} [focused]
 * @property {boolean} [secret]
 * @property {[number, number, number, number]} [box]
 * @property {MirrorNode[]} [children]
 */

/** @typedef {{seq: number, whole: boolean, address: string, title: string, lang?: string, root: MirrorNode | null, truncated?: boolean}} SnapshotBody */
/** @typedef {{t: "snapshot", epoch: number, body: SnapshotBody}} Snapshot */

/** @typedef {Call | State | Notice | Cursor | Laser | Stroke & {t: "stroke"} | MarksCleared | Snapshot | Failure | Ended} ServerMessage */

/**
 * @typedef {object} InputMessage
 * @property {"mouse" | "wheel" | "key" | "text" | "compose" | "touch"} kind
 * @property {string} [type]
 * @property {number} [x]
 * @property {number} [y]
 * @property {string} [button]
 * @property {number} [buttons]
 * @property {number} [clicks]
 * @property {number} [dx]
 * @property {number} [dy]
 * @property {number} [mods]
 * @property {string} [key]
 * @property {string} [code]
 * @property {number} [location]
 * @property {boolean} [repeat]
 * @property {string} [text]
 * @property {number} [selStart]
 * @property {number} [selEnd]
 * @property {{id: number, x: number, y: number}[]} [touches]
 */

/**
 * ClientMessage is what these pages send. "t" is the Go type's name in small letters with underscores, as in docs/PROTOCOL.md.
 * @typedef {{t: "hello", v: number, credential: string}
 *   | InputMessage & {t: "input", turn: number}
 *   | {t: "take_over"} | {t: "stop"} | {t: "leave"}
 *   | {t: "mark", id: string, points: [number, number][], done?: boolean, fade?: boolean}
 *   | {t: "clear_marks"}
 *   | {t: "pointer", x: number, y: number, on: boolean}
 *   | {t: "answer", dialog: number, accept: boolean, text?: string}
 *   | {t: "go", where: "back" | "forward" | "reload"}
 *   | {t: "ack", seq: number}} ClientMessage
 */

/**
 * readMessage reads a text message; null when it is none of this protocol.
 * @param {string} text
 * @returns {ServerMessage | null}
 */
export function readMessage(text) {
  try {
    const m = JSON.parse(text);
    return m !== null && typeof m === "object" && typeof m.t === "string" ? m : null;
  } catch {
    return null;
  }
}
