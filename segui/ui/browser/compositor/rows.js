// A blur along the rows of a mask, then along its columns.
import {spanOf} from './spans.js';

// A mask's rows as runs of equal levels: where each ends, and from which one on a row has its own.
export function runsOf(mask, width, height) {
  const first = new Uint32Array(height + 1), ends = [], levels = [];
  for (let y = 0; y < height; y++) {
    const row = y * width;
    for (let x = 1; x <= width; x++) {
      if (x < width && mask[row + x] === mask[row + x - 1]) continue;
      ends.push(x);
      levels.push(mask[row + x - 1]);
    }
    first[y + 1] = ends.length;
  }
  return {first, ends: Uint16Array.from(ends), levels: Uint8Array.from(levels)};
}

// Blur along the rows into `out`. Tells of each row where it is not 0 and where it is 1:
// four numbers a row, the last two of its longest full stretch.
export function blurRows({mask, box, runs}, plan, step, columns, out) {
  const {start, stop, base, weights, sums, plain, plainEnd} = plan, {first, ends, levels} = runs;
  const width = box[2] - box[0], height = box[3] - box[1], spans = new Int32Array(4 * height);
  for (let y = 0; y < height; y++) {
    const to = y * columns, row = y * width, rowRun = first[y];
    const isBusy = 3 * (first[y + 1] - rowRun) > width;  // then runs are more work than pixels
    let filled = 0, begun = columns, full = 0, best = 0, bestEnd = 0;
    for (let j = 0, run = rowRun; j < columns;) {
      const from = start[j], last = stop[j], shift = base[j];
      while (run > rowRun && ends[run - 1] > from) run--;
      while (from < last && ends[run] <= from) run++;
      let next = j + 1, sum = 0;
      if (j >= plain && j < plainEnd && ends[run] >= last) {
        // nothing changes until the run ends
        next = Math.min(plainEnd, next + Math.floor((ends[run] - last) / step));
        sum = levels[run];
      } else if (isBusy) {
        for (let x = from; x < last; x++) sum += mask[row + x] * weights[shift + x];
      } else {
        for (let x = from, k = run; x < last; k++) {
          const end = ends[k] < last ? ends[k] : last;
          if (levels[k]) sum += levels[k] * (sums[shift + end] - sums[shift + x]);
          x = end;
        }
      }
      const value = sum / 255;
      for (let i = to + j; i < to + next; i++) out[i] = value;
      if (sum > 0) { filled = next; if (begun > j) begun = j; }
      full = sum > 254.9999 ? full + next - j : 0;
      if (full > best) { best = full; bestEnd = next; }
      j = next;
    }
    spans[4 * y] = begun;
    spans[4 * y + 1] = filled;
    spans[4 * y + 2] = bestEnd - best;
    spans[4 * y + 3] = bestEnd;
  }
  return spans;
}

// Blur along the columns, only where the rows that count differ.
export function blurColumns(rows, columns, spans, {start, stop, base, weights, sums}, count) {
  const grid = new Float32Array(count * columns), made = new Int32Array(4 * count);
  for (let i = 0; i < count; i++) {
    const first = start[i], end = stop[i], shift = base[i], to = i * columns;
    if (first >= end) continue;
    let [begun, filled, full, fullEnd] = spanOf(spans, first, end);
    if (sums[shift + end] - sums[shift + first] < 0.99999) full = fullEnd = filled;
    made.set([begun, filled, full, fullEnd], 4 * i);
    grid.fill(1, to + full, to + fullEnd);
    addRows(grid, to, rows, columns, begun, full, first, end, weights, shift);
    addRows(grid, to, rows, columns, fullEnd, filled, first, end, weights, shift);
  }
  return {grid, spans: made};
}

function addRows(grid, to, rows, columns, from, end, start, stop, weights, base) {
  let y = start;
  for (; y + 4 <= stop; y += 4) {
    const a = weights[base + y], b = weights[base + y + 1];
    const c = weights[base + y + 2], d = weights[base + y + 3];
    const i = y * columns, j = i + columns, k = j + columns, l = k + columns;
    for (let x = from; x < end; x++) {
      grid[to + x] += a * rows[i + x] + b * rows[j + x] + c * rows[k + x] + d * rows[l + x];
    }
  }
  for (; y < stop; y++) {
    const a = weights[base + y], i = y * columns;
    for (let x = from; x < end; x++) grid[to + x] += a * rows[i + x];
  }
}
