// What a length is counted in: px, or percent of each area's own side. A length is one control of
// Gradio's, which knows numbers alone; the unit stands beside it, and what is sent has both.
const WORDS = {
  'px': {next: '%', says: 'in px of the photo: count it in percent of each area'},
  '%': {next: 'px', says: 'in percent of each area: count it in px of the photo'},
};

/** Draws the units and keeps them drawn.
 * @param {string[]} effects  whose strength is a length
 */
export function start(effects) {
  const {units} = window.segui;
  const nameOf = (block) => block.id.replaceAll('-', '_');
  const has = (name) => name !== 'strength' || effects.includes(units.effect);

  function toggle(block) {
    const name = nameOf(block);
    units.set(name, WORDS[units.of(name)].next);
    draw(block);
    // the number is the same, and means something else
    block.querySelector('input[type=number]')?.dispatchEvent(new Event('input', {bubbles: true}));
  }

  function draw(block) {
    const name = nameOf(block), unit = units.of(name);
    const label = block.querySelector('label span, [data-testid=block-info]')?.textContent.trim();
    let button = block.querySelector(':scope > .unit');
    if (!button) {
      button = Object.assign(document.createElement('button'), {type: 'button', className: 'unit'});
      button.addEventListener('click', () => toggle(block));
      block.append(button);
    }
    const said = `${label}: ${WORDS[unit].says}`;
    if (button.textContent !== unit) button.textContent = unit;
    if (button.title !== said) button.title = said;
    if (button.hidden === has(name)) button.hidden = !has(name);
    if (button.getAttribute('aria-label') !== said) button.setAttribute('aria-label', said);
    if (block.dataset.unit !== unit) block.dataset.unit = unit;
  }

  const drawAll = () => document.querySelectorAll('.block.length').forEach(draw);
  units.changed = drawAll;
  new MutationObserver(drawAll).observe(document.body, {childList: true, subtree: true});
  drawAll();
}
