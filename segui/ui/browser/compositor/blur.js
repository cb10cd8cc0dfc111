// Blurred masks on the processor: see processor.js.
import {isEmpty} from './boxes.js';
import {edgeOf} from './edge.js';
import {blurColumns, blurRows, runsOf} from './rows.js';
import {spanOf} from './spans.js';

// Of the cubic through four neighbours, at each pixel between the middle two.
function cubic(step) {
  const weights = new Float64Array(4 * step);
  for (let at = 0; at < step; at++) {
    const t = at / step;
    weights.set([-t * (t - 1) * (t - 2) / 6, (t + 1) * (t - 1) * (t - 2) / 2,
      -(t + 1) * t * (t - 2) / 2, (t + 1) * t * (t - 1) / 6], 4 * at);
  }
  return weights;
}

// A layer's blurred mask: each row of its box (step 1), or one at every `step` rows from one step
// before the box's first row on; and the spans of each of these rows, as `spanOf` has them.
export function blurLayer(scene, layer, feather, edge, work) {
  const soft = edgeOf(scene, layer, feather, edge);
  const [x1, y1, x2, y2] = layer.box, [left, top, right, bottom] = soft.box;
  const width = right - left, height = bottom - top;
  if (isEmpty(soft.box)) return {box: soft.box, grid: new Float32Array(0)};
  layer.runs ??= runsOf(layer.mask, x2 - x1, y2 - y1);
  const step = soft.reach ? stepOf(soft) : 1;
  const made = {box: soft.box, width, step, reads: step === 1 ? 1 : 4};
  const count = (length) => step === 1 ? length : Math.floor((length - 1) / step) + 4;
  const begin = (first) => step === 1 ? first : first - step;
  const columns = count(width), rows = count(height);
  const [areaLeft, areaTop, areaRight, areaBottom] = soft.area;
  const across = makePlan(soft, x1, x2, areaLeft, areaRight, begin(left), step, columns);
  const down = makePlan(soft, y1, y2, areaTop, areaBottom, begin(top), step, rows);
  if (work.rows.length < (y2 - y1) * columns) work.rows = new Float64Array((y2 - y1) * columns);
  const spans = blurRows(layer, across, step, columns, work.rows);
  const blurred = blurColumns(work.rows, columns, spans, down, rows);
  if (step === 1) return {...made, ...blurred};
  const weights = cubic(step);
  return {...made, weights, ...stretch(blurred, columns, rows, step, width, weights)};
}

// Every few columns made every column.
function stretch({grid, spans}, columns, rows, step, width, weights) {
  const wide = new Float32Array(rows * width), wideSpans = new Int32Array(4 * rows);
  for (let row = 0; row < rows; row++) {
    const [begun, filled, full, fullEnd] = spanOf(spans, row, row + 1);
    if (begun >= filled) continue;
    const first = Math.max(0, begun - 3) * step, last = Math.min(width, filled * step);
    let ones = Math.min(last, full * step), onesEnd = Math.min(last, (fullEnd - 3) * step);
    if (ones >= onesEnd) ones = onesEnd = last;
    wideSpans.set([first, last, ones, onesEnd], 4 * row);
    const to = row * width;
    for (let x = first, i = row * columns + first / step; x < last; i++) {
      const a = grid[i], b = grid[i + 1], c = grid[i + 2], d = grid[i + 3];
      const end = Math.min(last, x + step);
      for (let w = 0; x < end; x++, w += 4) {
        wide[to + x] = weights[w] * a + weights[w + 1] * b
          + weights[w + 2] * c + weights[w + 3] * d;
      }
    }
  }
  return {grid: wide, spans: wideSpans};
}

// How far apart a blurred mask may be computed: it bends no faster than its Gaussian, and has a
// kink where the Gaussian is cut off.
/** @param {ReturnType<typeof edgeOf>} soft */
function stepOf({sigma, taps}) {
  return Math.max(1, Math.floor(Math.min(sigma / 1.7, 0.02 / taps[0])));
}

// Which pixels of a mask, start <= p < stop, count for each place of the result, and how much:
// weights[base + p]. sums[i] is the sum of the weights before i. The places from `plain` up to
// `plainEnd` have all taps inside the mask.
/** @param {ReturnType<typeof edgeOf>} soft */
function makePlan({reach, taps, isMirrored}, first, last, low, high, begin, step, count) {
  const start = new Int32Array(count), stop = new Int32Array(count), base = new Int32Array(count);
  const weights = [...taps], length = last - first, period = Math.max(1, 2 * (high - low - 1));
  let plain = count, plainEnd = 0;
  for (let i = 0; i < count; i++) {
    const from = begin + i * step - reach, to = from + 2 * reach + 1;
    if (from >= low && to <= high) {
      start[i] = Math.max(0, from - first);
      stop[i] = Math.max(start[i], Math.min(length, to - first));
      base[i] = first - from;
      if (from >= first && to <= last) { plain = Math.min(plain, i); plainEnd = i + 1; }
      continue;
    }
    // beyond the area there is what the area's pixels say: their weights grow
    const folded = new Array(length).fill(0);
    for (let p = from; p < to; p++) {
      const turned = Math.abs(p - low) % period;
      const q = isMirrored ? low + Math.min(turned, period - turned)
        : Math.min(Math.max(p, low), high - 1);
      if (q >= first && q < last) folded[q - first] += taps[p - from];
    }
    stop[i] = length;
    while (stop[i] > 0 && folded[stop[i] - 1] === 0) stop[i]--;
    while (start[i] < stop[i] && folded[start[i]] === 0) start[i]++;
    base[i] = weights.length;
    for (const weight of folded) weights.push(weight);
  }
  const sums = new Float64Array(weights.length + 1);
  for (let i = 0; i < weights.length; i++) sums[i + 1] = sums[i] + weights[i];
  return {start, stop, base, weights: Float64Array.from(weights), sums, plain, plainEnd};
}
