// Asks with the browser's own dialogs: alert, confirm, prompt, and beforeunload while something is not sent yet.
'use strict';
const form = document.getElementById('limit-form');
const limit = document.getElementById('limit');
const status = document.getElementById('limit-status');
let changed = false;

form.addEventListener('input', () => { changed = true; });
window.addEventListener('beforeunload', (event) => { if (changed) event.preventDefault(); });
document.getElementById('check-limit').addEventListener('click', () => {
  alert('You can raise your limit to £5,000 at once. For more we ask an adviser.');
  status.textContent = 'Up to £5,000 at once.';
});
form.addEventListener('submit', (event) => {
  const agreed = confirm('Change the limit of your card to £' + limit.value + '?');
  const reason = agreed && prompt('What do you need the new limit for?', 'A trip abroad');
  if (!reason) {
    event.preventDefault();
    status.textContent = agreed ? 'Nothing was changed: we need a reason.' : 'Nothing was changed.';
    return;
  }
  document.getElementById('reason').value = reason;
  changed = false;
});
