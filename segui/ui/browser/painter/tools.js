// The bar of tools, and what keys ask for.
import {canRead} from './pixels.js';

export const MOST_PX = 200;

const TOOLS = `
  <div class="painter-tools" role="group" aria-label="Tool">
    <button type="button" data-tool="brush" aria-keyshortcuts="B" title="Paints (B)">Brush</button>
    <button type="button" data-tool="eraser" aria-keyshortcuts="E"
            title="Takes away (E, or the right mouse button)">Eraser</button>
    <button type="button" data-tool="outline" aria-keyshortcuts="O"
            title="Draw round something: what is inside is filled (O)">Outline</button>
  </div>
  <label class="painter-size"><span>Size</span>
    <input type="range" min="1" max="${MOST_PX}" step="1" aria-label="Brush size"
           aria-keyshortcuts="[ ]" title="[ and ] change it">
    <output></output>
  </label>
  <div class="painter-steps" role="group" aria-label="Steps">
    <button type="button" data-step="undo" aria-keyshortcuts="Control+Z" title="Ctrl+Z">Undo</button>
    <button type="button" data-step="redo" aria-keyshortcuts="Control+Shift+Z"
            title="Ctrl+Shift+Z">Redo</button>
    <button type="button" data-step="clear">Clear</button>
  </div>
  <button type="button" class="painter-done" data-step="done" aria-keyshortcuts="Escape"
          title="Escape">Done</button>
  <p class="painter-hint">Paint over what you mean. Right button: erase. Shift+click: straight line.</p>
  <p class="painter-notice" role="alert" hidden>This browser keeps pages from reading what is drawn, so
    nothing painted can be used: allow it for this page, or give a mask file.</p>
  <p class="painter-said" role="status"></p>`;

export function makeTools(bar, size, on) {
  bar.classList.add('painter-bar');
  bar.innerHTML = TOOLS;
  const part = (name) => bar.querySelector(name);
  const range = part('input'), shown = part('output'), said = part('.painter-said');
  const setSize = (px) => {
    range.value = String(Math.round(px));
    shown.textContent = `${range.value} px`;
    range.setAttribute('aria-valuetext', `${range.value} pixels`);
    on.size(Number(range.value));
  };
  const setTool = (name) => {
    for (const button of bar.querySelectorAll('[data-tool]')) {
      button.setAttribute('aria-pressed', String(button.dataset.tool === name));
    }
    on.tool(name);
  };
  bar.addEventListener('click', (event) => {
    const button = event.target.closest('button');
    if (!button || button.getAttribute('aria-disabled') === 'true') return;
    if (button.dataset.tool) setTool(button.dataset.tool);
    else on.step(button.dataset.step);
  }, {signal: on.signal});
  range.addEventListener('input', () => setSize(Number(range.value)), {signal: on.signal});
  part('.painter-notice').hidden = canRead();
  setTool('brush');
  setSize(size);
  return {
    setSize, setTool,
    say(text) { said.textContent = text; },
    // a button that goes dead under the finger keeps the focus, so it is not `disabled`
    allow(names) {
      for (const [name, isAllowed] of Object.entries(names)) {
        part(`[data-step="${name}"]`).setAttribute('aria-disabled', String(!isAllowed));
      }
    },
  };
}

// What a key asks for, as [what, how]; null where it means nothing here.
export function meaningOf(event) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.ctrlKey || event.metaKey) {
    if (event.altKey) return null;
    if (key === 'z') return ['step', event.shiftKey ? 'redo' : 'undo'];
    return key === 'y' ? ['step', 'redo'] : null;
  }
  if (event.altKey) return null;
  const tool = {b: 'brush', e: 'eraser', o: 'outline'}[key];
  if (tool) return ['tool', tool];
  if (key === '[' || key === ']') return ['size', key === ']' ? 1 : -1];
  return key === 'Escape' ? ['step', 'done'] : null;
}
