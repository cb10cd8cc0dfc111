// The preview that follows the sliders.
import {makeCompositor} from '../compositor/compositor.js';
import {featherPx} from '../compositor/edge.js';

/** @typedef {import('./messages.js').Draft} Draft */

const REST_MS = 60;        // a slider that has not moved for this long rests
const HELD_MS = 150;       // while the pointer still holds it; when it lets go, it rests at once
const ASK_MS = 30;
const SLOW_DRAW_MS = 50;   // above that, the server's preview is the better one
const SLOW_DRAWS = 2;      // one after the other; after more, the server draws

/**
 * @param {ReturnType<typeof import('./parts.js').partsOf>} parts
 * @param {import('./messages.js').FrameMessage} has
 * @param {object} on
 * @param {() => void} on.draw it was drawn
 * @param {() => void} on.ask what it is made of is wanted
 * @param {() => void} on.rest the sliders do not move any more
 */
export function makeLive({stage, live}, has, on) {
  /** @type {Awaited<ReturnType<typeof makeCompositor>>} */
  let compositor = null;
  /** @type {Draft | null} */
  let values = null;
  let makings = 0, asking = 0, slowDraws = 0;
  let reach = Infinity, side = 0, isBeyond = false;
  let isMoved = false, isShown = false, isHeld = false, frame = 0, timer = 0;

  const leaveToServer = () => { stage.dataset.live = 'server'; };

  function forget() {
    compositor?.dispose();
    compositor = null;
    slowDraws = 0;
    stage.dataset.live = '';
    return ++makings;
  }

  // The areas are to be on the screen first: this is asked for when they are.
  function ask() {
    forget();
    isBeyond = false;
    clearTimeout(asking);
    asking = setTimeout(on.ask, ASK_MS);
  }

  /** @param {import('./messages.js').Live} data */
  async function make(data) {
    const mine = forget();
    if (!data.layers?.length) { leaveToServer(); return; }
    const below = data.below || has.photo;
    const under = data.swap ? data.edit : below, over = data.swap ? below : data.edit;
    try {
      const made = await makeCompositor(live, {...data, under, over});
      if (mine !== makings) { made?.dispose(); return; }
      compositor = made;
      reach = data.reach ?? Infinity;
      side = Math.max(...data.layers.map((layer) => layer.side));
      stage.dataset.live = made?.kind ?? 'server';
    } catch (error) {
      leaveToServer();  // nothing is lost
    }
  }

  function draw() {
    frame = 0;
    if (!compositor) return;
    const took = compositor.draw({...values, numbers: has.numbers});
    if (!Number.isFinite(took)) { compositor = null; leaveToServer(); return; }
    slowDraws = took > SLOW_DRAW_MS ? slowDraws + 1 : 0;
    isShown = true;
    stage.dataset.draws = Number(stage.dataset.draws ?? 0) + 1;
    stage.dataset.drawMs = took.toFixed(2);
    on.draw();
  }

  function rest() {
    clearTimeout(timer);
    if (!isMoved) return;
    isMoved = false;
    on.rest();
  }

  function hide() {
    cancelAnimationFrame(frame);
    frame = 0;
    isShown = false;
  }

  document.addEventListener('pointerdown', () => { isHeld = true; }, true);
  for (const name of ['pointerup', 'pointercancel']) {
    document.addEventListener(name, () => {
      isHeld = false;
      rest();  // now: a timer would wait for the frame that draws the last move
    }, true);
  }

  return {
    get isShown() { return isShown; },
    get isBeyond() { return isBeyond; },
    /** Whether it shows what the sliders say, or will with the next frame. */
    get isDrawn() { return isShown || frame !== 0; },
    ask, hide,

    /** Makes it of what the server says, or asks for that. */
    take() {
      const data = has.live;
      const isWanted = data === null || (data.key !== undefined && !('layers' in data));
      if (isWanted) ask();
      else make(data);
    },

    /** @param {Draft} said */
    move(said) {
      values = said;
      isMoved = true;
      clearTimeout(timer);
      isBeyond = featherPx(values.feather, side) > reach;
      const isServer = stage.dataset.live === 'server' || slowDraws > SLOW_DRAWS || isBeyond;
      timer = setTimeout(rest, isServer ? 0 : isHeld ? HELD_MS : REST_MS);
      if (compositor && !isServer && !frame) frame = requestAnimationFrame(draw);
    },

    /** Whether what was drawn last is what the server's result is for. */
    isFor(paste) {
      return values !== null && Object.keys(values).every((name) => values[name] === paste?.[name]);
    },

    // A result that was asked for before the slider moved on is out of date: the drawn one stays.
    settle() { if (!isMoved) hide(); },
  };
}
