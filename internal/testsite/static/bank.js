// The menu of narrow screens, and the list of problems that takes the focus.
'use strict';
const button = document.querySelector('.menu-button');
const menu = document.getElementById('menu');
button.addEventListener('click', () => {
  const open = menu.classList.toggle('open');
  button.setAttribute('aria-expanded', String(open));
});
document.getElementById('problems')?.focus();
