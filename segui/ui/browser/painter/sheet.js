// What one paints on, and what was there before: a mask, or strokes that lie over a mask file.
import {withDrawn} from './drawn.js';
import {cover, isSame, makePen, opacityIn, opacityUnder, putOpacity, putStrokes, strokesIn, TINT,
        touchesNothing} from './pixels.js';

/** @typedef {[number, number, number, number]} Box */

const LEAST_STEPS = 20;         // so many can be undone, however large they are
const HISTORY_BYTES = 2 ** 25;  // and more while they are small
const MOST_STEPS = 200;
export const HALF = 128;        // a pixel that is painted by less is not selected
const WHITE = [255, 255, 255], BLACK = [0, 0, 0];

// What all sheets of a size share: one stroke is drawn at a time.
export function makeScratch(width, height) {
  return {kept: makePen(width, height), keptStrokes: makePen(width, height), spare: makePen(width, height)};
}

/**
 * @param {number} width
 * @param {number} height
 * @param {ReturnType<typeof makeScratch>} scratch
 * @param {boolean} isOnFile whether it lies over a mask file: then strokes are what is told of it
 */
export function makeSheet(width, height, scratch, isOnFile = false) {
  const now = makePen(width, height), {kept, keptStrokes, spare} = scratch;
  const strokes = isOnFile ? makePen(width, height) : null;
  const back = [], forth = [];
  let base = null;
  /** @type {import('./drawn.js').Drawn[]} what was painted, as lines; each list is a new one */
  let drawn = [], keptDrawn = [];
  /** @type {Box} */
  const whole = [0, 0, width, height];
  const copy = (from, to, [x1, y1, x2, y2]) => {
    /** @type {Box} */
    const box = [x1, y1, x2 - x1, y2 - y1];
    to.clearRect(...box);
    to.drawImage(from.canvas, ...box, ...box);
  };
  const stepOf = (from, strokesFrom, box) => (
    {box, opacity: opacityIn(from, box), strokes: strokes && strokesIn(strokesFrom, box), drawn});
  const remember = (step) => {
    back.push(step);
    forth.length = 0;
    const size = () => back.reduce((sum, one) => sum + one.opacity.length * (strokes ? 3 : 1), 0);
    while (back.length > LEAST_STEPS
      && (back.length > MOST_STEPS || size() > HISTORY_BYTES)) back.shift();
  };
  const swap = (from, to) => {
    const step = from.pop();
    if (!step) return null;
    to.push(stepOf(now, strokes, step.box));
    putOpacity(now, step.box, step.opacity);
    if (strokes) putStrokes(strokes, step.box, step.strokes);
    drawn = step.drawn;
    return step.box;
  };
  const each = (erases, act) => {
    now.globalCompositeOperation = erases ? 'destination-out' : 'source-over';
    act(now, TINT);
    now.globalCompositeOperation = 'source-over';
    if (!strokes) return;
    // over a file, what takes away is painted in black
    const colour = erases ? BLACK : WHITE;
    strokes.fillStyle = strokes.strokeStyle = `rgb(${colour})`;
    act(strokes, colour);
  };
  const lie = (over) => {
    putStrokes(strokes, whole, over ?? new Uint8Array(2 * width * height));
    putOpacity(now, whole, over ? opacityUnder(over, base) : base);
  };
  return {
    width, height, whole, canvas: now.canvas, spare, isOnFile,
    get isReady() { return !strokes || base !== null; },
    // draws with each pen that there is: `act(pen, colour)`
    draw: each,
    // the same for how opaque each pixel of a box is painted
    stamp(box, opacity, erases) {
      const [x1, y1, x2, y2] = box;
      each(erases, (pen, colour) => {
        putOpacity(spare, box, opacity, colour);
        pen.drawImage(spare.canvas, x1, y1, x2 - x1, y2 - y1, x1, y1, x2 - x1, y2 - y1);
      });
    },
    keep() {
      keptDrawn = drawn;
      copy(now, kept, whole);
      if (strokes) copy(strokes, keptStrokes, whole);
    },
    restore(box) {
      if (!box) return;
      copy(kept, now, box);
      if (strokes) copy(keptStrokes, strokes, box);
    },
    // whether anything is different since `keep`; then it can be undone. `line` is the stroke that did it
    commit(box, line = null) {
      if (!box) return false;
      const before = stepOf(kept, keptStrokes, box), after = stepOf(now, strokes, box);
      if (isSame(before.opacity, after.opacity) && isSame(before.strokes, after.strokes)) return false;
      remember({...before, drawn: keptDrawn});
      if (line) drawn = [...drawn, line];
      return true;
    },
    undo: () => swap(back, forth),
    redo: () => swap(forth, back),
    canUndo: () => back.length > 0,
    canRedo: () => forth.length > 0,
    // nothing is painted: over a file, it is as it was given
    wipe() {
      drawn = [];
      if (strokes) lie(null);
      else now.clearRect(...whole);
    },
    opacity: () => opacityIn(now, whole),
    // What is told of it; null where nothing is painted. Each pixel's opacity, 0..255, or its stroke.
    content() {
      const values = strokes ? strokesIn(strokes, whole) : opacityIn(now, whole);
      const isEmpty = strokes ? touchesNothing(values) : !values.some((value) => value >= HALF);
      return isEmpty ? null : values;
    },
    start(content, lines = []) {
      back.length = forth.length = 0;
      drawn = content ? lines : [];
      if (strokes) lie(content);
      else if (content) putOpacity(now, whole, content);
      else now.clearRect(...whole);
    },
    isOver: (opacity) => isSame(base, opacity),
    // the mask file, as opacity, at this size
    lieOver(opacity) {
      base = opacity;
      back.length = forth.length = 0;
      lie(this.content());
    },
    scaleFrom(other) { now.drawImage(other.canvas, 0, 0, width, height); },
    asPicture() {
      if (strokes) return withDrawn(strokes.canvas.toDataURL('image/png'), drawn);
      copy(now, spare, whole);
      cover(spare, 'source-in', 'white', whole);
      cover(spare, 'destination-over', 'black', whole);
      return withDrawn(spare.canvas.toDataURL('image/png'), drawn);
    },
  };
}
