// The estimate under the mortgage form: an annuity at 3.85 % a year.
'use strict';
const form = document.getElementById('mortgage-form');
const estimate = () => {
  const [price, deposit, years] = ['price', 'deposit', 'years'].map((name) => Number(form.elements[name].value));
  document.getElementById('years-output').value = years;
  const loan = price - deposit, rate = 0.0385 / 12, months = years * 12;
  const payment = loan > 0 ? Math.round(loan * rate / (1 - (1 + rate) ** -months)) : 0;
  document.getElementById('estimate').value = payment ? '£' + payment.toLocaleString('en-GB') : '–';
};
form?.addEventListener('input', estimate);
form?.addEventListener('reset', () => queueMicrotask(estimate));
if (form) estimate();
