// What the account application does beyond HTML: own validation messages, live values, address lookup.
'use strict';
const at = (id) => document.getElementById(id);

const birth = at('birth-date');
birth?.addEventListener('input', () => {
  const limit = new Date();
  limit.setFullYear(limit.getFullYear() - 18);
  const young = birth.valueAsDate && birth.valueAsDate > limit;
  birth.setCustomValidity(young ? 'You must be at least 18 years old to open an account.' : '');
});

const password = at('password'), repeat = at('password-repeat');
const compare = () => repeat.setCustomValidity(repeat.value && repeat.value !== password.value ? 'The two passwords are not the same.' : '');
password?.addEventListener('input', compare);
repeat?.addEventListener('input', compare);

const overdraft = at('overdraft');
overdraft?.addEventListener('input', () => { at('overdraft-output').value = '£' + overdraft.value; });

const colour = at('card-colour');
const paint = () => at('card-preview').setAttribute('fill', colour.value);
colour?.addEventListener('input', paint);
if (colour) paint();

const card = at('card-number');
card?.addEventListener('change', () => {
  card.value = card.value.replace(/\s+/g, '').replace(/(.{4})(?=.)/g, '$1 ');
});

at('find-address')?.addEventListener('click', async () => {
  const result = at('find-address-result');
  result.textContent = 'Looking…';
  try {
    const answer = await fetch('/addresses?postcode=' + encodeURIComponent(at('postcode').value));
    const { address } = await answer.json();
    if (address) at('address').value = address;
    result.textContent = address ? 'Address found.' : 'We do not know this postcode. Please type your address.';
  } catch {
    result.textContent = 'The search does not work at the moment. Please type your address.';
  }
});
