// A brush with a soft edge: how opaque a stroke is, by how far each pixel is from its line.

const CORE_PX = 0.75;  // the nearest pixel's middle is never further away: it is painted wholly
const RIM_PX = 1;      // the edge of the hardest

/**
 * How opaque it is at a distance, 0 to 1: whole as far as the core goes, then ever less.
 * @param {number} far px
 * @param {number} core px
 * @param {number} reach px
 */
export function softness(far, core, reach) {
  if (far <= core) return 1;
  if (far >= reach) return 0;
  const out = (far - core) / (reach - core);
  return 1 - out * out * (3 - 2 * out);
}

/** The radius within which a brush paints wholly, and that within which it paints at all. */
export function radiiOf({size, hardness}) {
  const core = Math.max(CORE_PX, size / 2 * hardness / 100);
  return {core, reach: Math.max(size / 2, core + RIM_PX)};
}

/**
 * Paints a line of straight pieces into a plane, of which each pixel keeps the most that it got:
 * where a stroke crosses itself it is no more opaque.
 * @param {Uint8Array} plane
 * @param {number} width of the plane
 * @param {number} height
 * @param {number[][]} corners
 * @param {{core: number, reach: number}} radii
 */
export function softLine(plane, width, height, corners, {core, reach}) {
  for (let at = 0; at < Math.max(1, corners.length - 1); at++) {
    const [x, y] = corners[at], [endX, endY] = corners[Math.min(at + 1, corners.length - 1)];
    const alongX = endX - x, alongY = endY - y, long2 = alongX ** 2 + alongY ** 2 || 1;
    const left = Math.max(0, Math.floor(Math.min(x, endX) - reach));
    const right = Math.min(width, Math.ceil(Math.max(x, endX) + reach));
    const top = Math.max(0, Math.floor(Math.min(y, endY) - reach));
    const bottom = Math.min(height, Math.ceil(Math.max(y, endY) + reach));
    for (let row = top; row < bottom; row++) {
      for (let column = left; column < right; column++) {
        const place = row * width + column;
        if (plane[place] === 255) continue;
        const overX = column + 0.5 - x, overY = row + 0.5 - y;
        const share = Math.min(1, Math.max(0, (overX * alongX + overY * alongY) / long2));
        const far = Math.hypot(overX - share * alongX, overY - share * alongY);
        const value = Math.round(255 * softness(far, core, reach));
        if (value > plane[place]) plane[place] = value;
      }
    }
  }
}

/** The part of a plane that lies in a box. */
export function partOf(plane, width, [x1, y1, x2, y2]) {
  const part = new Uint8Array((x2 - x1) * (y2 - y1));
  for (let row = y1; row < y2; row++) {
    part.set(plane.subarray(row * width + x1, row * width + x2), (row - y1) * (x2 - x1));
  }
  return part;
}
