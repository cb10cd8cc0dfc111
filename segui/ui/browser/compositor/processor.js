// Pasting on the processor.
//
// All layers show the same picture, so what counts is how much of the one below is left in the end:
// the product of what each layer leaves. Rows of masks are taken as runs of equal values, and a
// wide blur is computed at every few pixels and interpolated in between, which changes less than
// half a level of 255.
import {blurLayer} from './blur.js';
import {CACHE_BYTES, featherPx} from './edge.js';
import {spanOf} from './spans.js';

export function byProcessor(scene) {
  const work = {rows: new Float64Array(0), cached: new Map(), key: '', bytes: 0};
  const worksAbove = scene.above.map(() => ({...work, cached: new Map()}));
  const line = new Float32Array(scene.width), left = new Float64Array(scene.width);
  const image = new ImageData(scene.width, scene.height), shown = viewsOf(image.data);
  let over = viewsOf(scene.over);

  function blurred(layer, settings, work) {
    const known = work.cached.get(layer.number);
    if (known) return known;
    const {edge} = settings, feather = featherPx(settings.feather, layer.side);
    const isOutward = edge === 'outward' && feather > 0;
    const made = {...blurLayer(scene, layer, feather, edge, work), layer, isOutward};
    if (work.bytes + made.grid.byteLength <= CACHE_BYTES) {
      work.cached.set(layer.number, made);
      work.bytes += made.grid.byteLength;
    }
    return made;
  }

  // Pastes a picture onto the one that is shown.
  function paste(pasted, settings, work) {
    const soft = settings.layers.map((layer) => blurred(layer, settings, work));
    for (let y = 0; y < scene.height; y++) {
      const here = soft.filter(({box}) => box[1] <= y && y < box[3] && box[0] < box[2]);
      if (!here.length) continue;
      const first = Math.min(...here.map(({box}) => box[0]));
      const last = Math.max(...here.map(({box}) => box[2]));
      left.fill(1, first, last);
      for (const one of here) {
        const own = settings.opacities?.get(one.layer.number) ?? 1;
        coverLine(left, one, y, settings.alpha / 255 * own, line);
      }
      mixLine(shown, pasted, left, y * scene.width, first, last);
    }
  }

  function pasteAbove(one, work) {
    if (!one.swap) {
      paste(viewsOf(one.edit), one, work);
      return;
    }
    const below = viewsOf(image.data.slice());
    image.data.set(one.edit);
    paste(below, one, work);
  }

  return {
    kind: 'canvas',
    draw(settings) {
      const key = `${settings.feather} ${settings.edge}`;
      if (work.key !== key) Object.assign(work, {key, cached: new Map(), bytes: 0});
      image.data.set(scene.under);
      paste(over, settings, work);
      scene.above.forEach((one, place) => pasteAbove(one, worksAbove[place]));
      return true;
    },
    show(target) { target.putImageData(image, 0, 0); },
    takePictures() { over = viewsOf(scene.over); },
    dispose() { work.cached.clear(); },
  };
}

function viewsOf({buffer}) {
  return {bytes: new Uint8Array(buffer), pixels: new Uint32Array(buffer)};
}

// How much is left of the picture below, when one more layer comes over it.
function coverLine(left, soft, y, alpha, line) {
  const x1 = soft.box[0], down = y - soft.box[1];
  const row = Math.floor(down / soft.step), phase = down % soft.step;
  const [begun, filled, full, fullEnd] = spanOf(soft.spans, row, row + soft.reads);
  for (const [from, to] of [[begun, full], [fullEnd, filled]]) {
    maskLine(soft, row, phase, from, to, line);
    if (soft.isOutward) keepInside(soft, y, from, to, line);
    for (let x = from; x < to; x++) left[x1 + x] *= 1 - alpha * line[x];
  }
  const rest = 1 - alpha;
  for (let x = x1 + full; x < x1 + fullEnd; x++) left[x] *= rest;
}

// Both pictures in one line; what is shown is the one below so far.
function mixLine(shown, over, left, row, first, last) {
  const {bytes, pixels} = shown, others = over.bytes, otherPixels = over.pixels;
  for (let x = first; x < last; x++) {
    const rest = left[x];
    if (rest >= 1) continue;
    if (rest <= 0) {
      pixels[row + x] = otherPixels[row + x];
      continue;
    }
    const at = 4 * (row + x), r = others[at], g = others[at + 1], b = others[at + 2];
    bytes[at] = r + rest * (bytes[at] - r) + 0.5;
    bytes[at + 1] = g + rest * (bytes[at + 1] - g) + 0.5;
    bytes[at + 2] = b + rest * (bytes[at + 2] - b) + 0.5;
  }
}

// A part of a line of a blurred mask.
function maskLine({grid, width, step, weights}, row, phase, from, to, line) {
  let i = row * width + from;
  if (step === 1) {
    for (let x = from; x < to; x++, i++) line[x] = grid[i];
    return;
  }
  const a = weights[4 * phase], b = weights[4 * phase + 1];
  const c = weights[4 * phase + 2], d = weights[4 * phase + 3];
  let j = i + width, k = j + width, l = k + width;
  for (let x = from; x < to; x++, i++, j++, k++, l++) {
    const m = a * grid[i] + b * grid[j] + c * grid[k] + d * grid[l];
    line[x] = m < 0 ? 0 : m > 1 ? 1 : m;
  }
}

// The inside stays opaque, and the outer half of the edge reaches down to 0.
function keepInside({layer, box}, y, from, to, line) {
  for (let x = from; x < to; x++) line[x] = Math.min(1, 2 * line[x]);
  const [x1, y1, x2, y2] = layer.box;
  if (y < y1 || y >= y2) return;
  const left = Math.max(from, x1 - box[0]), right = Math.min(to, x2 - box[0]);
  const shift = (y - y1) * (x2 - x1) + box[0] - x1;
  for (let x = left; x < right; x++) line[x] = Math.max(line[x], layer.mask[shift + x] / 255);
}
