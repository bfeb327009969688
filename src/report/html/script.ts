/** Filter and search of the HTML report. Without it everything is shown. No `<` or `&` in it: the page stays well-formed. */
export const script = `
'use strict';
const bar = document.querySelector('.bar');
const search = document.querySelector('input');
const buttons = [...document.querySelectorAll('.bar button')];
const findings = [...document.querySelectorAll('details')];
const texts = new Map(findings.map((one) => [one, one.textContent.toLowerCase()]));
const shown = document.querySelector('output');
const none = document.querySelector('.none');
function update() {
  const kinds = new Set(buttons.filter((one) => one.getAttribute('aria-pressed') === 'true').map((one) => one.value));
  const words = search.value.toLowerCase().split(' ').filter((word) => word !== '');
  let count = 0;
  for (const one of findings) {
    one.hidden = !kinds.has(one.className) || !words.every((word) => texts.get(one).includes(word));
    if (!one.hidden) count += 1;
  }
  none.hidden = count !== 0;
  shown.textContent = count + ' of ' + findings.length + ' ' + shown.dataset.things;
}
for (const one of buttons) {
  one.addEventListener('click', () => {
    one.setAttribute('aria-pressed', String(one.getAttribute('aria-pressed') !== 'true'));
    update();
  });
}
search.addEventListener('input', update);
document.addEventListener('keydown', (event) => {
  if (event.key === '/') if (document.activeElement !== search) { event.preventDefault(); search.focus(); }
  if (event.key === 'Escape') if (document.activeElement === search) { search.value = ''; update(); }
});
let folded = [];
addEventListener('beforeprint', () => {
  folded = findings.filter((one) => !one.open);
  for (const one of folded) one.open = true;
});
addEventListener('afterprint', () => { for (const one of folded) one.open = false; });
bar.hidden = false;
update();
`;
