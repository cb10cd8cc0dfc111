// The mask, and what was there before.
import {cover, isSame, makePen, opacityIn, putOpacity} from './pixels.js';

/** @typedef {[number, number, number, number]} Box */

const LEAST_STEPS = 20;         // so many can be undone, however large they are
const HISTORY_BYTES = 2 ** 25;  // and more while they are small
const MOST_STEPS = 200;
export const HALF = 128;        // a pixel that is painted by less is not selected

export function makeSheet(width, height) {
  const now = makePen(width, height), kept = makePen(width, height), spare = makePen(width, height);
  const back = [], forth = [];
  /** @type {Box} */
  const whole = [0, 0, width, height];
  const copy = (from, to, [x1, y1, x2, y2]) => {
    /** @type {Box} */
    const box = [x1, y1, x2 - x1, y2 - y1];
    to.clearRect(...box);
    to.drawImage(from.canvas, ...box, ...box);
  };
  const remember = (step) => {
    back.push(step);
    forth.length = 0;
    const size = () => back.reduce((sum, one) => sum + one.opacity.length, 0);
    while (back.length > LEAST_STEPS
      && (back.length > MOST_STEPS || size() > HISTORY_BYTES)) back.shift();
  };
  const swap = (from, to) => {
    const step = from.pop();
    if (!step) return null;
    to.push({box: step.box, opacity: opacityIn(now, step.box)});
    putOpacity(now, step.box, step.opacity);
    return step.box;
  };
  return {
    width, height, whole, pen: now, canvas: now.canvas, spare,
    keep() { copy(now, kept, whole); },
    restore(box) { if (box) copy(kept, now, box); },
    // whether anything is different since `keep`; then it can be undone
    commit(box) {
      if (!box) return false;
      const opacity = opacityIn(kept, box);
      if (isSame(opacity, opacityIn(now, box))) return false;
      remember({box, opacity});
      return true;
    },
    undo: () => swap(back, forth),
    redo: () => swap(forth, back),
    canUndo: () => back.length > 0,
    canRedo: () => forth.length > 0,
    wipe() { now.clearRect(...whole); },
    // each pixel's opacity, 0..255; null where nothing is painted
    mask() {
      const opacity = opacityIn(now, whole);
      return opacity.some((value) => value >= HALF) ? opacity : null;
    },
    start(opacity) {
      back.length = forth.length = 0;
      if (opacity) putOpacity(now, whole, opacity);
      else now.clearRect(...whole);
    },
    asPicture() {
      copy(now, spare, whole);
      cover(spare, 'source-in', 'white', whole);
      cover(spare, 'destination-over', 'black', whole);
      return spare.canvas.toDataURL('image/png');
    },
  };
}
