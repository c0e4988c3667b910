// In a page that frames a form: gives the frame the height that it asks for, and shows what came out of it.
'use strict';
const frame = document.querySelector('iframe.embedded');
window.addEventListener('message', (event) => {
  if (event.source !== frame.contentWindow || event.origin !== new URL(frame.src).origin) return;
  const { height, result } = event.data;
  if (Number.isFinite(height)) frame.height = String(Math.max(200, Math.min(3000, height)));
  if (result === 'confirmed') document.getElementById('identity-status').textContent = 'Your identity is confirmed. Thank you.';
});
