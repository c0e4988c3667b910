// Opens windows in three ways, and says so when the browser does not.
'use strict';
const tell = (opened) => {
  document.getElementById('popup-status').textContent = opened ? 'A window was opened.' : 'Your browser did not open the window.';
};
const on = (id, act) => document.getElementById(id).addEventListener('click', act);
on('window-inside', () => tell(window.open('/branches', 'branches', 'popup,width=480,height=640')));
on('window-outside', () => tell(window.open('https://moved-elsewhere.test/', 'partner', 'popup,width=480,height=640')));
on('window-blank', () => {
  const opened = window.open('', 'written', 'popup,width=480,height=320');
  tell(opened);
  if (!opened) return;
  opened.document.title = 'Note';
  opened.document.body.innerHTML = '<h1>Note</h1><form><label>Your note <input name="note"></label> <button>Keep</button></form>';
});
