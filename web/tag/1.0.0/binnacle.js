/*! Binnacle script tag 1.0.0, Apache-2.0. Marks this page as co-browsable. It sends nothing and stores nothing. */
(function () {
  'use strict';
  try {
    var version = '1.0.0', active = false, root = document.documentElement;
    if (!root.hasAttribute('data-binnacle')) root.setAttribute('data-binnacle', version);
    if (Object.prototype.hasOwnProperty.call(window, 'binnacle')) return;
    var target = new EventTarget();
    var api = Object.freeze({
      version: version,
      get active() { return active; },
      addEventListener: target.addEventListener.bind(target),
      removeEventListener: target.removeEventListener.bind(target)
    });
    Object.defineProperty(window, 'binnacle', { value: api, enumerable: true });
    document.addEventListener('binnacle:session', function (event) {
      try {
        var message = JSON.parse(event.detail), type = message.event;
        if (typeof message.active === 'boolean') active = message.active;
        if (type === 'navigator' || type === 'end') {
          target.dispatchEvent(new CustomEvent(type, { detail: message.detail }));
        }
      } catch (_) { /* not a message for this version */ }
    });
    document.dispatchEvent(new CustomEvent('binnacle:ready', { detail: version }));
  } catch (_) { /* a guest never breaks the page */ }
})();
