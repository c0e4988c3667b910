// In a framed form: tells the bank's page how high it is, and what came out of it.
'use strict';
if (window.parent !== window) {
  const tell = (message) => window.parent.postMessage(message, 'https://harbour-bank.test');
  new ResizeObserver(() => tell({ height: Math.ceil(document.body.getBoundingClientRect().height) })).observe(document.body);
  const result = document.querySelector('[data-result]');
  if (result) tell({ result: result.dataset.result });
}
document.getElementById('problems')?.focus();
