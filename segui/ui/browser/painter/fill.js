// Filling what an outline encloses, and taking away a piece that is painted.
import {HALF} from './sheet.js';

/**
 * What is filled from a point: all that can be reached without crossing what is painted; or, to take
 * away, all that is painted there in one piece. The soft edge on the way is filled as far as it rises,
 * or taken away as far as it falls: else a seam would be left.
 * @param {Uint8Array} opacity of each pixel
 * @param {number} width
 * @param {number} height
 * @param {number[]} point
 * @param {boolean} erases
 * @returns {{box: [number, number, number, number], opacity: Uint8Array} | null} null where there is
 *   nothing to fill at that point
 */
export function filledFrom(opacity, width, height, [x, y], erases) {
  const column = Math.min(width - 1, Math.max(0, Math.floor(x)));
  const row = Math.min(height - 1, Math.max(0, Math.floor(y)));
  const start = row * width + column;
  const isIn = (value) => value >= HALF === erases;
  if (!isIn(opacity[start])) return null;
  const filled = new Uint8Array(opacity.length), todo = [start];
  let left = column, right = column, top = row, bottom = row;
  filled[start] = 255;
  const visit = (from, place) => {
    if (filled[place]) return;
    const isOnTheWay = erases ? opacity[place] < opacity[from] && opacity[place] > 0
                              : opacity[place] > opacity[from];
    // from the edge nothing leads back inside of something else
    if (!(isOnTheWay || (isIn(opacity[from]) && isIn(opacity[place])))) return;
    filled[place] = 255;
    todo.push(place);
  };
  while (todo.length) {
    const from = todo.pop(), at = from % width, down = (from - at) / width;
    left = Math.min(left, at);
    right = Math.max(right, at);
    top = Math.min(top, down);
    bottom = Math.max(bottom, down);
    if (at > 0) visit(from, from - 1);
    if (at < width - 1) visit(from, from + 1);
    if (down > 0) visit(from, from - width);
    if (down < height - 1) visit(from, from + width);
  }
  return {box: [left, top, right + 1, bottom + 1], opacity: filled};
}
