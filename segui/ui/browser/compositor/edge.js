// The soft edge.
import {isEmpty, meet} from './boxes.js';

/** @typedef {import('./boxes.js').Box} Box */

const IMPACT_SIGMA = 10;
export const CACHE_BYTES = 2 ** 27;  // blurred masks beyond that are made anew each time

const MOST_PX = 500;

/** The soft edge of an area, px of the photo, as `feather_px` in backend/paste_checks.py has it.
 * @param {number | string | null} feather px, or a share of the area as "2%"
 * @param {number} side what a share is of
 */
export function featherPx(feather, side) {
  if (typeof feather !== 'string') return feather;
  return Math.min(MOST_PX, Math.floor(Number.parseFloat(feather) * side / 100 + 0.5));
}

// Where a layer's blurred mask lies, and how it is made. At reach 0 the mask stays as it is.
/** @returns {{reach: number, box: Box, area: Box, taps: ArrayLike<number> & Iterable<number>,
 *   sigma?: number, total?: number, isMirrored?: boolean}} */
export function edgeOf(scene, layer, feather, edge) {
  const isImpact = edge === 'impact';
  const fullSize = isImpact ? impactRadius(feather, layer.crop_hw) : feather;
  const radius = fullSize * scene.scale;
  const sigma = isImpact ? IMPACT_SIGMA * scene.scale : radius / 3;
  const reach = Math.floor(radius);
  /** @type {Box} */
  const picture = [0, 0, scene.width, scene.height];
  if (reach < 1) return {reach: 0, box: layer.box, area: picture, taps: [1]};
  const area = isImpact ? layer.crop : picture;
  const content = meet(layer.box, area), [x1, y1, x2, y2] = content;
  /** @type {Box} */
  const grown = [x1 - reach, y1 - reach, x2 + reach, y2 + reach];
  const box = isEmpty(content) ? content
    : meet(meet(grown, area), picture);
  const weights = Float64Array.from({length: 2 * reach + 1},
    (_, index) => Math.exp(-(((index - reach) / sigma) ** 2) / 2));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const taps = weights.map((weight) => weight / total);
  return {reach, sigma, total, taps, area, isMirrored: isImpact, box};
}

// As `Gaussian.impact` in backend/feather.py has it.
function impactRadius(feather, [height, width]) {
  const least = Math.min(height, width);
  let taps = 2 * feather + 1;
  if (least <= taps) taps = Math.floor(least / 2);
  return Math.floor(taps / 2);  // an even count is made odd by one more: the half is the same
}
