// <binnacle-embed src="https://binnacle.example/view" token="…"></binnacle-embed>: the viewer in a frame, for call products.
// A plain script without imports, so that a product may also host this file itself. docs/EMBEDDING.md is its manual.
(() => {
  "use strict";
  const NAMES = ["session-started", "session-ended", "navigator-changed", "notice", "error"];

  class BinnacleEmbed extends HTMLElement {
    static observedAttributes = ["src", "token"];
    /** @type {HTMLIFrameElement | null} */
    #frame = null;
    /** @param {MessageEvent} e */
    #message = (e) => {
      const frame = this.#frame;
      if (!frame || e.source !== frame.contentWindow || e.origin !== new URL(frame.src).origin) return;
      const { type, event, ...detail } = Object(e.data);
      if (type === "binnacle" && NAMES.includes(event)) this.dispatchEvent(new CustomEvent("binnacle-" + event, { detail, bubbles: true, composed: true }));
    };

    connectedCallback() {
      addEventListener("message", this.#message);
      this.#load();
    }

    disconnectedCallback() {
      removeEventListener("message", this.#message);
      this.#frame?.remove();
      this.#frame = null;
    }

    /** @param {string} _name @param {string | null} before @param {string | null} after */
    attributeChangedCallback(_name, before, after) {
      if (this.isConnected && before !== after) this.#load();
    }

    #load() {
      const src = this.getAttribute("src");
      const token = this.getAttribute("token");
      this.#frame?.remove();
      this.#frame = null;
      if (!src) return;
      const address = new URL(src, document.baseURI);
      if (address.protocol !== "https:" && address.protocol !== "http:") return;
      if (token) address.hash = "t=" + encodeURIComponent(token);
      const frame = document.createElement("iframe");
      frame.title = this.getAttribute("title") || "Co-browsing";
      frame.referrerPolicy = "no-referrer";
      frame.src = address.href;
      for (const [name, value] of Object.entries({ display: "block", width: "100%", height: "100%", border: "0" })) frame.style.setProperty(name, value);
      this.#frame = frame;
      this.append(frame);
    }
  }

  if (!customElements.get("binnacle-embed")) customElements.define("binnacle-embed", BinnacleEmbed);
})();
