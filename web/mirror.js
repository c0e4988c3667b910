import { element, setAttribute, setText } from "./element.js";
import { readingOf } from "./reading.js";

/** How much of a page is read, and how deep. */
export const MAX_NODES = 20000;
const MAX_DEPTH = 80;
const CHUNK = 400; // elements between two pauses

/**
 * @typedef {import("./reading.js").Reading} Reading
 *
 * @typedef {object} Plan a node with what it will be
 * @property {Reading} reading
 * @property {Plan[]} children
 * @property {string} own what the node itself says
 * @property {number} hash of the whole subtree
 *
 * @typedef {object} Built a plan that is on the page
 * @property {Plan} plan
 * @property {HTMLElement} el
 * @property {Text} text
 * @property {Built[]} children
 */

/**
 * planOf works out a tree to read, bounded. Two subtrees of the same hash are read alike.
 * @param {import("./wire.js").MirrorNode} node
 * @param {{left: number}} budget
 * @param {number} [depth]
 * @returns {Plan}
 */
export function planOf(node, budget, depth = 0) {
  budget.left--;
  const reading = readingOf(node);
  /** @type {Plan[]} */
  const children = [];
  if (reading.children && depth < MAX_DEPTH) {
    for (const child of node.children ?? []) {
      if (budget.left <= 0) break;
      if (child && typeof child === "object") children.push(planOf(child, budget, depth + 1));
    }
  }
  const { tag, role, label, level, text, look } = reading;
  const own = [tag, role, level, look, label, text].join("\u0001");
  let hash = mix(0x811c9dc5, own);
  for (const child of children) hash = Math.imul(hash ^ child.hash, 0x01000193);
  return { reading, children, own, hash: hash >>> 0 };
}

/**
 * @param {number} hash
 * @param {string} text
 */
function mix(hash, text) {
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}

/**
 * pair says which old child becomes which new one: equal ones are kept, then those of the same kind are changed in place.
 * @template {{hash: number, kind: string}} T
 * @param {readonly T[]} before
 * @param {readonly T[]} after
 * @returns {number[]} for each new one the index of the old one, or -1
 */
export function pair(before, after) {
  const pairs = new Array(after.length).fill(-1);
  const used = new Array(before.length).fill(false);
  let start = 0;
  while (start < before.length && start < after.length && before[start]?.hash === after[start]?.hash) {
    pairs[start] = start;
    used[start++] = true;
  }
  let [b, a] = [before.length - 1, after.length - 1];
  while (b >= start && a >= start && before[b]?.hash === after[a]?.hash) {
    pairs[a--] = b;
    used[b--] = true;
  }
  /** @type {Map<number, number[]>} */
  const byHash = new Map();
  for (let i = b; i >= start; i--) byHash.set(before[i]?.hash ?? 0, [...(byHash.get(before[i]?.hash ?? 0) ?? []), i]);
  for (let j = start; j <= a; j++) {
    const i = byHash.get(after[j]?.hash ?? 0)?.pop();
    if (i === undefined) continue;
    pairs[j] = i;
    used[i] = true;
  }
  let next = start;
  for (let j = start; j <= a; j++) {
    if (pairs[j] >= 0) continue;
    for (let i = next; i <= b; i++) {
      if (used[i] || before[i]?.kind !== after[j]?.kind) continue;
      pairs[j] = i;
      used[i] = true;
      next = i + 1;
      break;
    }
  }
  return pairs;
}

/**
 * Mirror is the reading of the shared page: what a screen reader finds under the picture. It is text with structure and nothing else, cannot
 * be operated, and keeps every element that did not change, so that a reader stays where it was.
 */
export class Mirror {
  root;
  #content = element("div", { class: "bn-reading-content" });
  #title = element("p", { class: "bn-reading-title" });
  #more = element("p", { class: "muted", hidden: true }, "The page is longer than this reading.");
  /** @type {Built[]} */
  #built = [];
  /** @type {import("./wire.js").SnapshotBody | null} */
  #waiting = null;
  #busy = false;
  #made = 0;

  constructor() {
    this.root = element("section", { class: "bn-reading visually-hidden", "aria-label": "Reading of the shared page" }, this.#title, this.#content, this.#more);
  }

  /** Whether the reading is on the screen as well. */
  get visible() {
    return !this.root.classList.contains("visually-hidden");
  }

  set visible(on) {
    this.root.classList.toggle("visually-hidden", !on);
    setAttribute(this.root, "tabindex", on ? "0" : null);
  }

  /**
   * show reads a snapshot. While one is worked on, the newest waits and replaces what waited before.
   * @param {import("./wire.js").SnapshotBody} body
   */
  show(body) {
    this.#waiting = body;
    if (!this.#busy) void this.#run();
  }

  /** clear forgets the page. */
  clear() {
    this.show({ seq: 0, whole: true, address: "", title: "", root: null });
  }

  async #run() {
    this.#busy = true;
    while (this.#waiting) {
      const body = this.#waiting;
      this.#waiting = null;
      setText(this.#title, body.title || body.address || "");
      setAttribute(this.#content, "lang", body.lang && /^[a-zA-Z0-9-]{2,35}$/.test(body.lang) ? body.lang : null);
      const budget = { left: MAX_NODES };
      const plan = body.root ? planOf(body.root, budget) : null;
      const top = plan ? (plan.reading.text ? [plan] : plan.children) : [];
      this.#more.hidden = !body.truncated && budget.left > 0;
      const built = this.#built;
      this.#built = await this.#patch(this.#content, built, top, null);
    }
    this.#busy = false;
  }

  /**
   * @param {HTMLElement} parent
   * @param {Built[]} before
   * @param {Plan[]} after
   * @param {ChildNode | null} first what comes before the children
   * @returns {Promise<Built[]>}
   */
  async #patch(parent, before, after, first) {
    const pairs = pair(before.map((b) => ({ hash: b.plan.hash, kind: kindOf(b.plan) })), after.map((p) => ({ hash: p.hash, kind: kindOf(p) })));
    const kept = new Set(pairs);
    before.forEach((b, i) => kept.has(i) || b.el.remove());
    /** @type {Built[]} */
    const now = [];
    /** @type {ChildNode | null} */
    let previous = first;
    for (const [j, plan] of after.entries()) {
      const old = before[pairs[j] ?? -1];
      const built = old ?? this.#make(plan);
      if (!old || old.plan.hash !== plan.hash) {
        this.#write(built, plan);
        built.children = await this.#patch(built.el, built.children, plan.children, built.text);
        if (++this.#made % CHUNK === 0) await new Promise((resolve) => setTimeout(resolve));
      }
      built.plan = plan;
      const here = previous ? previous.nextSibling : parent.firstChild;
      if (here !== built.el) parent.insertBefore(built.el, here);
      previous = built.el;
      now.push(built);
    }
    return now;
  }

  /**
   * @param {Plan} plan
   * @returns {Built}
   */
  #make(plan) {
    const { tag, role, level, look } = plan.reading;
    const el = element(tag, { role: role || null, "aria-level": level || null, class: look ? "bn-reading-" + look : null });
    const text = document.createTextNode("");
    el.append(text);
    return { plan, el, text, children: [] };
  }

  /**
   * @param {Built} built
   * @param {Plan} plan
   */
  #write(built, plan) {
    if (built.text.data !== plan.reading.text) built.text.data = plan.reading.text;
    setAttribute(built.el, "aria-label", plan.reading.label || null);
    if (plan.reading.role === "group") built.el.setAttribute("data-group", plan.reading.label);
  }
}

/** @param {Plan} plan two of a kind differ in words only */
function kindOf({ reading: { tag, role, level, look } }) {
  return [tag, role, level, look].join();
}
