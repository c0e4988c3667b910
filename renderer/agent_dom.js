// Part 1 of the agent: the document, read so that a page cannot lie about it. The parts are joined inside one function (agent.go).

if (Object.hasOwn(globalThis, '__binnacle') || typeof binnacleEmit !== 'function') return;

// The isolated world has prototypes of its own, so nothing that the page overwrites reaches us. But a form with a field named
// "id" hides form.id, and an image named "title" hides document.title, in every world: those two are read through prototypes.

const attr = (el, name) => Element.prototype.getAttribute.call(el, name);
const local = el => getLocal.call(el);
const getLocal = Object.getOwnPropertyDescriptor(Element.prototype, 'localName').get;
const getParent = Object.getOwnPropertyDescriptor(Node.prototype, 'parentNode').get;
const getText = Object.getOwnPropertyDescriptor(Node.prototype, 'textContent').get;
const getConnected = Object.getOwnPropertyDescriptor(Node.prototype, 'isConnected').get;
const getElements = Object.getOwnPropertyDescriptor(HTMLFormElement.prototype, 'elements').get;
const getTitle = Object.getOwnPropertyDescriptor(Document.prototype, 'title').get;
const getBase = Object.getOwnPropertyDescriptor(Node.prototype, 'baseURI').get;
const getDesign = Object.getOwnPropertyDescriptor(Document.prototype, 'designMode').get;
const getDocumentElement = Object.getOwnPropertyDescriptor(Document.prototype, 'documentElement').get;
const getShadow = Object.getOwnPropertyDescriptor(Element.prototype, 'shadowRoot').get;
const getEditable = Object.getOwnPropertyDescriptor(HTMLElement.prototype, 'isContentEditable').get;
const getActive = {
  document: Object.getOwnPropertyDescriptor(Document.prototype, 'activeElement').get,
  root: Object.getOwnPropertyDescriptor(ShadowRoot.prototype, 'activeElement').get,
};

const sheets = {
  document: Object.getOwnPropertyDescriptor(Document.prototype, 'adoptedStyleSheets'),
  root: Object.getOwnPropertyDescriptor(ShadowRoot.prototype, 'adoptedStyleSheets'),
};
const getSheets = root => [...(root === document ? sheets.document : sheets.root).get.call(root)];
const setSheets = (root, list) => (root === document ? sheets.document : sheets.root).set.call(root, list);

const isElement = node => node instanceof Element;
const isRoot = node => node instanceof ShadowRoot;
const isForm = node => node instanceof HTMLFormElement;
const activeIn = root => root === document ? getActive.document.call(root) : getActive.root.call(root);
const editable = el => el instanceof HTMLElement && getEditable.call(el);

// parent goes up through shadow roots to their hosts.
function parent(node) {
  const up = getParent.call(node);
  return isRoot(up) ? up.host : isElement(up) ? up : null;
}

// all finds in one document or shadow root; find takes the first.
const all = (root, selector) => (root === document ? Document : isElement(root) ? Element : DocumentFragment).prototype.querySelectorAll.call(root, selector);
const byID = (root, id) => id ? (isRoot(root) ? DocumentFragment : Document).prototype.getElementById.call(isRoot(root) ? root : document, id) : null;
const rootOf = node => Node.prototype.getRootNode.call(node);

// plain makes a short line of text: no control characters, no broken UTF-16, no runs of space.
function plain(text, max) {
  return text ? String(text).slice(0, 4 * max).toWellFormed().replace(/[\s\p{Cc}]+/gu, ' ').trim().slice(0, max).toWellFormed() : '';
}

// codePoints is what a person counts as characters, nearly.
function codePoints(text) {
  let n = text.length;
  for (let i = 1; i < text.length; i++) {
    if ((text.charCodeAt(i) & 0xfc00) === 0xdc00 && (text.charCodeAt(i - 1) & 0xfc00) === 0xd800) n--;
  }
  return n;
}

// hash keeps what a value was without keeping the value: 53 bits, enough to tell that it changed.
function hash(text) {
  let a = 0xdeadbeef, b = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    a = Math.imul(a ^ c, 0x9e3779b1);
    b = Math.imul(b ^ c, 0x5f356495);
  }
  a = Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35);
  b = Math.imul(b ^ (b >>> 16), 0x85ebca6b) ^ Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
  return (b >>> 0) * 2097152 + (a >>> 11) + text.length;
}

// visibleText is the text of an element without what people typed into it and without what is masked.
function visibleText(el, max) {
  let text = '';
  const walk = document.createTreeWalker ? Document.prototype.createTreeWalker.call(document, el, 5, node => {
    if (!isElement(node)) return 1;
    if (/^(select|textarea|script|style|template|datalist)$/.test(local(node)) || attr(node, 'data-binnacle-mask') !== null ||
      attr(node, 'data-binnacle-block') !== null || editable(node)) return 2;
    return 3;
  }) : null;
  while (walk && text.length < 2 * max && walk.nextNode()) text += ' ' + walk.currentNode.data;
  return plain(text, max);
}
