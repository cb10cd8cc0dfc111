/** @typedef {[number, number, number, number]} Box [x1, y1, x2, y2] */

/** @returns {Box} */
export function meet([x1, y1, x2, y2], [left, top, right, bottom]) {
  return [Math.max(x1, left), Math.max(y1, top), Math.min(x2, right), Math.min(y2, bottom)];
}

export function isEmpty([x1, y1, x2, y2]) {
  return x2 <= x1 || y2 <= y1;
}
