// The bar of tools, and what keys ask for.
import {canRead} from './pixels.js';

export const MOST_PX = 200;
export const LOOK = {colour: '#0d9488', opacity: 45};  // how what is painted is shown at first

const TOOLS = `
  <label class="painter-layer" hidden><span>Paint on</span><select aria-label="Paint on"></select></label>
  <div class="painter-tools painter-acts" role="group" aria-label="Paint or erase">
    <button type="button" data-act="paint" aria-keyshortcuts="P" title="Paints, with any tool (P)">Paint</button>
    <button type="button" data-act="erase" aria-keyshortcuts="E"
            title="Takes away, with any tool (E, or the right mouse button)">Erase</button>
  </div>
  <div class="painter-tools" role="group" aria-label="Tool">
    <button type="button" data-tool="brush" aria-keyshortcuts="B" title="Strokes (B)">Brush</button>
    <button type="button" data-tool="outline" aria-keyshortcuts="O L"
            title="Lasso: draw round something, and what is inside counts (O or L)">Outline</button>
    <button type="button" data-tool="fill" aria-keyshortcuts="F"
            title="Fills what painted lines enclose; erasing, takes away a piece (F)">Fill</button>
  </div>
  <label class="painter-slide painter-size"><span>Size</span>
    <input type="range" data-slide="size" min="1" max="${MOST_PX}" step="1" aria-label="Brush size"
           aria-keyshortcuts="[ ]" title="[ and ] change it">
    <output></output>
  </label>
  <label class="painter-slide painter-hardness"><span>Hardness</span>
    <input type="range" data-slide="hardness" min="0" max="100" step="1" aria-label="Brush hardness"
           title="How sharp the brush's edge is">
    <output></output>
  </label>
  <div class="painter-steps" role="group" aria-label="Steps">
    <button type="button" data-step="undo" aria-keyshortcuts="Control+Z" title="Ctrl+Z">Undo</button>
    <button type="button" data-step="redo" aria-keyshortcuts="Control+Shift+Z"
            title="Ctrl+Shift+Z">Redo</button>
    <button type="button" data-step="clear"
            title="Takes away all that you painted here; a mask file is as it was given">Clear</button>
  </div>
  <details class="painter-look"><summary>Overlay</summary>
    <label><span>Colour</span><input type="color" aria-label="Overlay colour"></label>
    <label class="painter-slide"><span>Opacity</span>
      <input type="range" data-slide="opacity" min="10" max="90" step="5" aria-label="Overlay opacity">
      <output></output>
    </label>
  </details>
  <button type="button" class="painter-done" data-step="done" aria-keyshortcuts="Escape"
          title="Escape">Done</button>
  <p class="painter-hint">Right button: erase. Shift+click: straight line. Wheel, + and −: zoom. Space and
    drag: move the picture.</p>
  <p class="painter-notice" role="alert" hidden>This browser keeps pages from reading what is drawn, so
    nothing painted can be used: allow it for this page, or give a mask file.</p>
  <p class="painter-trouble" role="status" hidden></p>
  <p class="painter-said" role="status"></p>`;

const SLIDES = {
  size: {unit: ' px', spoken: ' pixels'},
  hardness: {unit: ' %', spoken: ' percent'},
  opacity: {unit: ' %', spoken: ' percent'},
};

export function makeTools(bar, size, on) {
  bar.classList.add('painter-bar');
  bar.innerHTML = TOOLS;
  const part = (name) => bar.querySelector(name);
  const said = part('.painter-said'), trouble = part('.painter-trouble');
  const layer = part('.painter-layer'), select = part('select'), colour = part('[type=color]');
  const slide = (name, value) => {
    const range = part(`[data-slide="${name}"]`), {unit, spoken} = SLIDES[name];
    range.value = String(Math.round(value));
    range.parentElement.querySelector('output').textContent = range.value + unit;
    range.setAttribute('aria-valuetext', range.value + spoken);
    if (name === 'opacity') on.look({opacity: Number(range.value)});
    else on[name](Number(range.value));
  };
  const press = (kind, name) => {
    for (const button of bar.querySelectorAll(`[data-${kind}]`)) {
      button.setAttribute('aria-pressed', String(button.dataset[kind] === name));
    }
    on[kind](name);
  };
  bar.addEventListener('click', (event) => {
    const button = event.target.closest('button');
    if (!button || button.getAttribute('aria-disabled') === 'true') return;
    if (button.dataset.tool) press('tool', button.dataset.tool);
    else if (button.dataset.act) press('act', button.dataset.act);
    else on.step(button.dataset.step);
  }, {signal: on.signal});
  for (const range of bar.querySelectorAll('[data-slide]')) {
    range.addEventListener('input', () => slide(range.dataset.slide, Number(range.value)), {signal: on.signal});
  }
  colour.addEventListener('input', () => on.look({colour: colour.value}), {signal: on.signal});
  select.addEventListener('change', () => on.layer(select.value), {signal: on.signal});
  part('.painter-notice').hidden = canRead();
  press('act', 'paint');
  press('tool', 'brush');
  slide('size', size);
  slide('hardness', 100);
  slide('opacity', LOOK.opacity);
  colour.value = LOOK.colour;
  return {
    setSize(px) { slide('size', px); },
    setTool(name) { press('tool', name); },
    setAct(name) { press('act', name); },
    say(text) { said.textContent = text; },
    // what keeps one from painting, for all to see; '' where nothing does
    hinder(text) {
      trouble.textContent = text;
      trouble.hidden = !text;
    },
    // the layers: [id, name] of each, and which is painted on
    setLayers(layers, id) {
      layer.hidden = layers.length < 2;
      select.replaceChildren(...layers.map(([value, name]) => new Option(name, value)));
      select.value = id;
    },
    // a button that goes dead under the finger keeps the focus, so it is not `disabled`
    allow(names) {
      for (const [name, isAllowed] of Object.entries(names)) {
        part(`[data-step="${name}"]`).setAttribute('aria-disabled', String(!isAllowed));
      }
    },
  };
}

const KEYS = {
  b: ['tool', 'brush'], o: ['tool', 'outline'], l: ['tool', 'outline'], f: ['tool', 'fill'],
  p: ['act', 'paint'], e: ['act', 'erase'], '[': ['size', -1], ']': ['size', 1],
  '+': ['zoom', 1], '=': ['zoom', 1], '-': ['zoom', -1], '0': ['zoom', 0], Escape: ['step', 'done'],
};

// What a key asks for, as [what, how]; null where it means nothing here.
export function meaningOf(event) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.altKey) return null;
  if (event.ctrlKey || event.metaKey) {
    if (key === 'z') return ['step', event.shiftKey ? 'redo' : 'undo'];
    return key === 'y' ? ['step', 'redo'] : null;
  }
  // in a list, letters and signs look for an entry
  if (event.target.matches?.('select') && key.length === 1) return null;
  return KEYS[key] ?? null;
}
