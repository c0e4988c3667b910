// A list to choose from, made by script: the select-only combobox of the ARIA practices. The chosen value is in a hidden input.
'use strict';
for (const box of document.querySelectorAll('[data-combobox]')) {
  const button = box.querySelector('[role=combobox]');
  const list = box.querySelector('[role=listbox]');
  const value = box.querySelector('input[type=hidden]');
  const options = [...list.querySelectorAll('[role=option]')];
  let current = -1, typed = '', typedAt = 0;

  const isOpen = () => button.getAttribute('aria-expanded') === 'true';
  const show = (i) => {
    options[current]?.classList.remove('current');
    current = Math.max(0, Math.min(options.length - 1, i));
    options[current].classList.add('current');
    button.setAttribute('aria-activedescendant', options[current].id);
    options[current].scrollIntoView({ block: 'nearest' });
  };
  const open = () => {
    list.hidden = false;
    button.setAttribute('aria-expanded', 'true');
    show(Math.max(0, options.findIndex((o) => o.dataset.value === value.value)));
  };
  const close = () => {
    list.hidden = true;
    button.setAttribute('aria-expanded', 'false');
    button.removeAttribute('aria-activedescendant');
  };
  const choose = (i) => {
    for (const o of options) o.setAttribute('aria-selected', String(o === options[i]));
    button.textContent = options[i].textContent;
    button.removeAttribute('aria-invalid');
    document.getElementById(button.id + '-error')?.remove();
    if (value.value === options[i].dataset.value) return;
    value.value = options[i].dataset.value;
    value.dispatchEvent(new Event('input', { bubbles: true }));
    value.dispatchEvent(new Event('change', { bubbles: true }));
  };
  const find = (key, at) => {
    typed = at - typedAt > 700 ? key : typed + key;
    typedAt = at;
    const wanted = typed.toLowerCase();
    const from = typed.length === 1 ? current + 1 : Math.max(current, 0);
    const order = [...options.slice(from), ...options.slice(0, from)];
    const hit = order.find((o) => o.textContent.toLowerCase().startsWith(wanted));
    if (hit) show(options.indexOf(hit));
  };

  button.addEventListener('click', () => (isOpen() ? close() : open()));
  list.addEventListener('pointerdown', (event) => event.preventDefault()); // the focus stays on the button
  list.addEventListener('pointermove', (event) => {
    const option = event.target.closest('[role=option]');
    if (option && options.indexOf(option) !== current) show(options.indexOf(option));
  });
  list.addEventListener('click', (event) => {
    const option = event.target.closest('[role=option]');
    if (!option) return;
    choose(options.indexOf(option));
    close();
    button.focus();
  });
  button.addEventListener('blur', () => { if (isOpen()) close(); });
  button.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey) return;
    const { key } = event;
    const printable = key.length === 1 && key !== ' ' && !event.altKey;
    if (!isOpen()) {
      if (key !== 'ArrowDown' && key !== 'ArrowUp' && key !== 'Enter' && key !== ' ' && !printable) return;
      event.preventDefault();
      open();
      if (printable) find(key, event.timeStamp);
      return;
    }
    switch (key) {
      case 'ArrowDown': show(current + 1); break;
      case 'ArrowUp': show(current - 1); break;
      case 'PageDown': show(current + 8); break;
      case 'PageUp': show(current - 8); break;
      case 'Home': show(0); break;
      case 'End': show(options.length - 1); break;
      case 'Escape': close(); break;
      case 'Tab': choose(current); close(); return;
      case 'Enter': case ' ': choose(current); close(); break;
      default:
        if (!printable) return;
        find(key, event.timeStamp);
    }
    event.preventDefault();
  });
  value.form.addEventListener('submit', (event) => {
    if (value.value || button.getAttribute('aria-required') !== 'true') return;
    event.preventDefault();
    const id = button.id + '-error';
    if (!document.getElementById(id)) {
      const error = document.createElement('p');
      error.className = 'error';
      error.id = id;
      error.setAttribute('role', 'alert');
      error.textContent = document.getElementById(button.id + '-label').textContent + ' is missing.';
      box.after(error);
    }
    button.setAttribute('aria-invalid', 'true');
    button.setAttribute('aria-describedby', id);
    button.focus();
  });
}
