/*! Binnacle script tag 0.9.0, Apache-2.0. No longer supported: use the newest version. */
(function () {
  'use strict';
  document.documentElement.setAttribute('data-binnacle', '0.9.0');
})();
