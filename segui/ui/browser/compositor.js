// The preview of a paste, drawn in the browser while a slider moves: `makeCompositor`, and what it
// needs. It is the formula of the engine (backend/opacity.py, backend/paste.py) on pictures of
// preview size, with radius and sigma scaled to them as real numbers. Boxes are [x1, y1, x2, y2].
//
//   data   {width, height, scale,        of the preview; scale is preview px for each photo px
//           under, over,                 data URIs: what is pasted onto, what is pasted
//           layers: [{number, box, crop, crop_hw, mask}],   mask: data URI of a grey PNG
//           prefer}                      'webgl' or 'canvas' insists on one way
//
//   compositor.draw({feather, alpha, edge, numbers})   milliseconds it took, or Infinity when the
//                                        graphics card was lost: then make another one
//   compositor.replace({under, over})    other pictures under the same masks; a promise
//   compositor.kind                      'webgl' or 'canvas'
//   compositor.dispose()
//
// The order of `numbers` does not matter: all layers show the same picture.

const COMPOSITOR_SLOW_MS = 50;          // a graphics card that takes longer is none
const COMPOSITOR_CACHE_BYTES = 2 ** 27; // blurred masks beyond that are made anew each time
const COMPOSITOR_SOFTWARE = /swiftshader|llvmpipe|software|basic render/i;
const COMPOSITOR_IMPACT_SIGMA = 10;

async function makeCompositor(canvas, data) {
  if (!compositorCanRead()) return null;
  const scene = await compositorScene(data);
  let way = data.prefer === 'canvas' ? null : compositorByCard(scene, data.prefer === 'webgl');
  if (!way && data.prefer === 'webgl') return null;
  way ??= compositorByProcessor(scene);
  const target = canvas.getContext('2d', {alpha: false, willReadFrequently: way.kind === 'canvas'});
  if (!target) {
    way.dispose();
    return null;
  }
  return {
    kind: way.kind,
    draw(settings) {
      const start = performance.now();
      // not before: another compositor may still be drawing here
      if (canvas.width !== scene.width) canvas.width = scene.width;
      if (canvas.height !== scene.height) canvas.height = scene.height;
      const chosen = settings.numbers.map((number) => scene.layers.get(number)).filter(Boolean);
      if (!way.draw({...settings, layers: settings.alpha > 0 ? chosen : []})) return Infinity;
      way.show(target);
      return performance.now() - start;
    },
    async replace({under, over}) {
      const pixels = (uri) => compositorPixels(uri, scene.width, scene.height);
      const [newUnder, newOver] = await Promise.all([under && pixels(under), over && pixels(over)]);
      if (newUnder) scene.under = newUnder;
      if (newOver) scene.over = newOver;
      way.takePictures();
    },
    dispose() { way.dispose(); },
  };
}

// ---- what is pasted ----------------------------------------------------------------------------
async function compositorScene({width, height, scale, under, over, layers}) {
  const read = async (layer) => {
    const [x1, y1, x2, y2] = layer.box;
    const pixels = await compositorPixels(layer.mask, x2 - x1, y2 - y1);
    const mask = new Uint8Array(pixels.length / 4);
    for (let i = 0; i < mask.length; i++) mask[i] = pixels[4 * i];
    return {...layer, mask};
  };
  const [newUnder, newOver, ...masks] = await Promise.all([
    compositorPixels(under, width, height), compositorPixels(over, width, height),
    ...layers.map(read),
  ]);
  const byNumber = new Map(masks.map((layer) => [layer.number, layer]));
  return {width, height, scale, under: newUnder, over: newOver, layers: byNumber};
}

async function compositorPixels(uri, width, height) {
  const image = new Image();
  image.src = uri;
  await image.decode();
  if (image.naturalWidth !== width || image.naturalHeight !== height) {
    throw new Error(`a picture of the preview is ${image.naturalWidth} x ${image.naturalHeight}: `
      + `expected ${width} x ${height}`);
  }
  const context = compositorCanvas(width, height).getContext('2d', {willReadFrequently: true});
  context.drawImage(image, 0, 0);
  return context.getImageData(0, 0, width, height).data;
}

function compositorCanvas(width, height) {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  return canvas;
}

// Some browsers answer with noise, so that nobody is known by their pixels.
function compositorCanRead() {
  const context = compositorCanvas(8, 8).getContext('2d', {willReadFrequently: true});
  if (!context) return false;
  context.fillStyle = 'rgb(10, 120, 230)';
  context.fillRect(0, 0, 8, 8);
  const expected = [10, 120, 230, 255];
  return context.getImageData(0, 0, 8, 8).data.every((value, at) => value === expected[at % 4]);
}

// ---- the soft edge -----------------------------------------------------------------------------
// Where a layer's blurred mask lies, and how it is made. At reach 0 the mask stays as it is.
function compositorEdge(scene, layer, feather, edge) {
  const isImpact = edge === 'impact';
  const fullSize = isImpact ? compositorImpactRadius(feather, layer.crop_hw) : feather;
  const radius = fullSize * scene.scale;
  const sigma = isImpact ? COMPOSITOR_IMPACT_SIGMA * scene.scale : radius / 3;
  const reach = Math.floor(radius), picture = [0, 0, scene.width, scene.height];
  if (reach < 1) return {reach: 0, box: layer.box, area: picture, taps: [1]};
  const area = isImpact ? layer.crop : picture;
  const content = compositorMeet(layer.box, area), [x1, y1, x2, y2] = content;
  const grown = [x1 - reach, y1 - reach, x2 + reach, y2 + reach];
  const box = compositorIsEmpty(content) ? content
    : compositorMeet(compositorMeet(grown, area), picture);
  const weights = Float64Array.from({length: 2 * reach + 1},
    (_, index) => Math.exp(-(((index - reach) / sigma) ** 2) / 2));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const taps = weights.map((weight) => weight / total);
  return {reach, sigma, total, taps, area, isMirrored: isImpact, box};
}

// As `Gaussian.impact` in backend/feather.py has it.
function compositorImpactRadius(feather, [height, width]) {
  const least = Math.min(height, width);
  let taps = 2 * feather + 1;
  if (least <= taps) taps = Math.floor(least / 2);
  return Math.floor(taps / 2);  // an even count is made odd by one more: the half is the same
}

function compositorMeet([x1, y1, x2, y2], [left, top, right, bottom]) {
  return [Math.max(x1, left), Math.max(y1, top), Math.min(x2, right), Math.min(y2, bottom)];
}

function compositorIsEmpty([x1, y1, x2, y2]) {
  return x2 <= x1 || y2 <= y1;
}

// ---- on the processor --------------------------------------------------------------------------
// All layers show the same picture, so what counts is how much of the one below is left in the end:
// the product of what each layer leaves. Rows of masks are taken as runs of equal values, and a
// wide blur is computed at every few pixels and interpolated in between, which changes less than
// half a level of 255.
function compositorByProcessor(scene) {
  const work = {rows: new Float64Array(0), cached: new Map(), key: '', bytes: 0};
  const line = new Float32Array(scene.width), left = new Float64Array(scene.width);
  const image = new ImageData(scene.width, scene.height), shown = compositorViews(image.data);
  let over = compositorViews(scene.over);

  function blurred(layer, feather, edge) {
    const known = work.cached.get(layer.number);
    if (known) return known;
    const made = {...compositorBlur(scene, layer, feather, edge, work), layer};
    made.isOutward = edge === 'outward' && feather > 0;
    if (work.bytes + made.grid.byteLength <= COMPOSITOR_CACHE_BYTES) {
      work.cached.set(layer.number, made);
      work.bytes += made.grid.byteLength;
    }
    return made;
  }

  return {
    kind: 'canvas',
    draw({feather, alpha, edge, layers}) {
      const key = `${feather} ${edge}`;
      if (work.key !== key) Object.assign(work, {key, cached: new Map(), bytes: 0});
      const soft = layers.map((layer) => blurred(layer, feather, edge));
      image.data.set(scene.under);
      for (let y = 0; y < scene.height; y++) {
        const here = soft.filter(({box}) => box[1] <= y && y < box[3] && box[0] < box[2]);
        if (!here.length) continue;
        const first = Math.min(...here.map(({box}) => box[0]));
        const last = Math.max(...here.map(({box}) => box[2]));
        left.fill(1, first, last);
        for (const one of here) compositorCover(left, one, y, alpha / 255, line);
        compositorMixLine(shown, over, left, y * scene.width, first, last);
      }
      return true;
    },
    show(target) { target.putImageData(image, 0, 0); },
    takePictures() { over = compositorViews(scene.over); },
    dispose() { work.cached.clear(); },
  };
}

function compositorViews({buffer}) {
  return {bytes: new Uint8Array(buffer), pixels: new Uint32Array(buffer)};
}

// How much is left of the picture below, when one more layer comes over it.
function compositorCover(left, soft, y, alpha, line) {
  const x1 = soft.box[0], down = y - soft.box[1];
  const row = Math.floor(down / soft.step), phase = down % soft.step;
  const [begun, filled, full, fullEnd] = compositorSpan(soft.spans, row, row + soft.reads);
  for (const [from, to] of [[begun, full], [fullEnd, filled]]) {
    compositorMaskLine(soft, row, phase, from, to, line);
    if (soft.isOutward) compositorKeepInside(soft, y, from, to, line);
    for (let x = from; x < to; x++) left[x1 + x] *= 1 - alpha * line[x];
  }
  const rest = 1 - alpha;
  for (let x = x1 + full; x < x1 + fullEnd; x++) left[x] *= rest;
}

// Of some rows: where any is not 0, and, inside that, where all are 1.
function compositorSpan(spans, first, end) {
  let begun = spans[4 * first], filled = spans[4 * first + 1];
  let full = spans[4 * first + 2], fullEnd = spans[4 * first + 3];
  for (let at = 4 * (first + 1); at < 4 * end; at += 4) {
    if (spans[at] < begun) begun = spans[at];
    if (spans[at + 1] > filled) filled = spans[at + 1];
    if (spans[at + 2] > full) full = spans[at + 2];
    if (spans[at + 3] < fullEnd) fullEnd = spans[at + 3];
  }
  if (begun >= filled) return [0, 0, 0, 0];
  return full < fullEnd ? [begun, filled, full, fullEnd] : [begun, filled, filled, filled];
}

// Both pictures in one line; what is shown is the one below so far.
function compositorMixLine(shown, over, left, row, first, last) {
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
function compositorMaskLine({grid, width, step, weights}, row, phase, from, to, line) {
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
function compositorKeepInside({layer, box}, y, from, to, line) {
  for (let x = from; x < to; x++) line[x] = Math.min(1, 2 * line[x]);
  const [x1, y1, x2, y2] = layer.box;
  if (y < y1 || y >= y2) return;
  const left = Math.max(from, x1 - box[0]), right = Math.min(to, x2 - box[0]);
  const shift = (y - y1) * (x2 - x1) + box[0] - x1;
  for (let x = left; x < right; x++) line[x] = Math.max(line[x], layer.mask[shift + x] / 255);
}

// Of the cubic through four neighbours, at each pixel between the middle two.
function compositorCubic(step) {
  const weights = new Float64Array(4 * step);
  for (let at = 0; at < step; at++) {
    const t = at / step;
    weights.set([-t * (t - 1) * (t - 2) / 6, (t + 1) * (t - 1) * (t - 2) / 2,
      -(t + 1) * t * (t - 2) / 2, (t + 1) * t * (t - 1) / 6], 4 * at);
  }
  return weights;
}

// A layer's blurred mask: each row of its box (step 1), or one at every `step` rows from one step
// before the box's first row on; and the spans of each of these rows, as `compositorSpan` has them.
function compositorBlur(scene, layer, feather, edge, work) {
  const soft = compositorEdge(scene, layer, feather, edge);
  const [x1, y1, x2, y2] = layer.box, [left, top, right, bottom] = soft.box;
  const width = right - left, height = bottom - top;
  if (compositorIsEmpty(soft.box)) return {box: soft.box, grid: new Float32Array(0)};
  layer.runs ??= compositorRuns(layer.mask, x2 - x1, y2 - y1);
  const step = soft.reach ? compositorStep(soft) : 1;
  const made = {box: soft.box, width, step, reads: step === 1 ? 1 : 4};
  const count = (length) => step === 1 ? length : Math.floor((length - 1) / step) + 4;
  const begin = (first) => step === 1 ? first : first - step;
  const columns = count(width), rows = count(height);
  const [areaLeft, areaTop, areaRight, areaBottom] = soft.area;
  const across = compositorPlan(soft, x1, x2, areaLeft, areaRight, begin(left), step, columns);
  const down = compositorPlan(soft, y1, y2, areaTop, areaBottom, begin(top), step, rows);
  if (work.rows.length < (y2 - y1) * columns) work.rows = new Float64Array((y2 - y1) * columns);
  const spans = compositorBlurRows(layer, across, step, columns, work.rows);
  const blurred = compositorBlurColumns(work.rows, columns, spans, down, rows);
  if (step === 1) return {...made, ...blurred};
  const weights = compositorCubic(step);
  return {...made, weights, ...compositorStretch(blurred, columns, rows, step, width, weights)};
}

// Every few columns made every column.
function compositorStretch({grid, spans}, columns, rows, step, width, weights) {
  const wide = new Float32Array(rows * width), wideSpans = new Int32Array(4 * rows);
  for (let row = 0; row < rows; row++) {
    const [begun, filled, full, fullEnd] = compositorSpan(spans, row, row + 1);
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
function compositorStep({sigma, taps}) {
  return Math.max(1, Math.floor(Math.min(sigma / 1.7, 0.02 / taps[0])));
}

// Which pixels of a mask, start <= p < stop, count for each place of the result, and how much:
// weights[base + p]. sums[i] is the sum of the weights before i. The places from `plain` up to
// `plainEnd` have all taps inside the mask.
function compositorPlan({reach, taps, isMirrored}, first, last, low, high, begin, step, count) {
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

// A mask's rows as runs of equal levels: where each ends, and from which one on a row has its own.
function compositorRuns(mask, width, height) {
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
function compositorBlurRows({mask, box, runs}, plan, step, columns, out) {
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
function compositorBlurColumns(rows, columns, spans, {start, stop, base, weights, sums}, count) {
  const grid = new Float32Array(count * columns), made = new Int32Array(4 * count);
  for (let i = 0; i < count; i++) {
    const first = start[i], end = stop[i], shift = base[i], to = i * columns;
    if (first >= end) continue;
    let [begun, filled, full, fullEnd] = compositorSpan(spans, first, end);
    if (sums[shift + end] - sums[shift + first] < 0.99999) full = fullEnd = filled;
    made.set([begun, filled, full, fullEnd], 4 * i);
    grid.fill(1, to + full, to + fullEnd);
    compositorAddRows(grid, to, rows, columns, begun, full, first, end, weights, shift);
    compositorAddRows(grid, to, rows, columns, fullEnd, filled, first, end, weights, shift);
  }
  return {grid, spans: made};
}

function compositorAddRows(grid, to, rows, columns, from, end, start, stop, weights, base) {
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

// ---- on the graphics card ----------------------------------------------------------------------
const COMPOSITOR_HEAD = '#version 300 es\nprecision highp float;\nprecision highp int;\n'
  + 'precision highp sampler2D;\n';

const COMPOSITOR_CORNERS = `${COMPOSITOR_HEAD}
void main() {
  gl_Position = vec4(gl_VertexID == 1 ? 3 : -1, gl_VertexID == 2 ? 3 : -1, 0, 1);
}`;

// Along one axis: the mask's first pixel is 0, `origin` is where the result's first one lies.
const COMPOSITOR_BLUR = `${COMPOSITOR_HEAD}
uniform sampler2D source;
uniform bool isDown, isMirrored;
uniform ivec2 origin, area;
uniform int size, reach;
uniform float sigma, total;
out float value;
void main() {
  ivec2 at = ivec2(gl_FragCoord.xy) + origin;
  int centre = isDown ? at.y : at.x, last = area.y - 1, period = max(1, 2 * (last - area.x));
  float sum = 0.0;
  for (int k = -reach; k <= reach; k++) {
    int p = clamp(centre + k, area.x, last);
    if (isMirrored) {
      int turned = abs(centre + k - area.x) % period;
      p = area.x + min(turned, period - turned);
    }
    if (p < 0 || p >= size) continue;
    float x = float(k) / sigma;
    sum += exp(-0.5 * x * x) * texelFetch(source, isDown ? ivec2(at.x, p) : ivec2(p, at.y), 0).r;
  }
  value = sum / total;
}`;

// What one layer leaves of the picture below; blending multiplies it with what the others leave.
const COMPOSITOR_COVER = `${COMPOSITOR_HEAD}
uniform sampler2D soft, mask;
uniform ivec2 softAt, maskAt, maskSize;
uniform bool isOutward;
uniform float alpha;
out float left;
void main() {
  ivec2 at = ivec2(gl_FragCoord.xy), inside = at - maskAt;
  float m = texelFetch(soft, at - softAt, 0).r;
  if (isOutward) {
    m = min(1.0, 2.0 * m);
    bool isIn = all(greaterThanEqual(inside, ivec2(0))) && all(lessThan(inside, maskSize));
    if (isIn) m = max(m, texelFetch(mask, inside, 0).r);
  }
  left = 1.0 - m * alpha;
}`;

// Pictures begin at the top, a canvas at the bottom.
const COMPOSITOR_MIX = `${COMPOSITOR_HEAD}
uniform sampler2D under, over, left;
uniform int height;
out vec4 colour;
void main() {
  ivec2 at = ivec2(gl_FragCoord.x, height - 1 - int(gl_FragCoord.y));
  vec3 top = texelFetch(over, at, 0).rgb, bottom = texelFetch(under, at, 0).rgb;
  colour = vec4(mix(top, bottom, texelFetch(left, at, 0).r), 1);
}`;

// null where there is no card, or one that is slower than the processor.
function compositorByCard(scene, isForced) {
  const canvas = compositorCanvas(scene.width, scene.height);
  const gl = canvas.getContext('webgl2', {
    alpha: false, antialias: false, depth: false, failIfMajorPerformanceCaveat: !isForced,
  });
  if (!gl) return null;
  const named = gl.getExtension('WEBGL_debug_renderer_info');
  const name = named ? gl.getParameter(named.UNMASKED_RENDERER_WEBGL) : '';
  const canFloat = gl.getExtension('EXT_color_buffer_float')
    || gl.getExtension('EXT_color_buffer_half_float');
  const most = gl.getParameter(gl.MAX_TEXTURE_SIZE);
  const isFit = canFloat && Math.max(scene.width, scene.height) <= most;
  const tools = isFit && (isForced || !COMPOSITOR_SOFTWARE.test(name)) ? compositorTools(gl) : null;
  const way = tools && compositorOnCard(scene, canvas, gl, tools);
  if (way && (isForced || compositorIsQuick(scene, way))) return way;
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return null;
}

function compositorIsQuick(scene, way) {
  const draw = (px, layers) => {
    const start = performance.now();
    const drew = way.draw({feather: px / scene.scale, alpha: 255, edge: 'smooth', layers});
    return drew ? performance.now() - start : Infinity;
  };
  const layers = [...scene.layers.values()];
  draw(8, layers.slice(0, 1));  // what the card prepares once is not counted
  return draw(12, layers) <= COMPOSITOR_SLOW_MS;
}

// The programs; null where the card does not take them.
function compositorTools(gl) {
  const tools = {};
  const sources = {blur: COMPOSITOR_BLUR, cover: COMPOSITOR_COVER, mix: COMPOSITOR_MIX};
  for (const [name, source] of Object.entries(sources)) {
    const program = gl.createProgram();
    const texts = [[gl.VERTEX_SHADER, COMPOSITOR_CORNERS], [gl.FRAGMENT_SHADER, source]];
    for (const [kind, text] of texts) {
      const shader = gl.createShader(kind);
      gl.shaderSource(shader, text);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
      gl.deleteShader(shader);
    }
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS)) return null;
    tools[name] = compositorProgram(gl, program);
  }
  return tools;
}

// A function that draws one rectangle: uniforms by name, textures among them.
function compositorProgram(gl, program) {
  const uniforms = [];
  for (let i = 0; i < gl.getProgramParameter(program, gl.ACTIVE_UNIFORMS); i++) {
    const {name, type} = gl.getActiveUniform(program, i);
    uniforms.push({name, type, place: gl.getUniformLocation(program, name)});
  }
  return ([x1, y1, x2, y2], values) => {
    gl.useProgram(program);
    gl.viewport(0, 0, x2, y2);
    gl.enable(gl.SCISSOR_TEST);
    gl.scissor(x1, y1, x2 - x1, y2 - y1);
    let unit = 0;
    for (const {name, type, place} of uniforms) {
      const value = values[name];
      if (type === gl.SAMPLER_2D) {
        gl.activeTexture(gl.TEXTURE0 + unit);
        gl.bindTexture(gl.TEXTURE_2D, value);
        gl.uniform1i(place, unit++);
      } else if (type === gl.FLOAT) gl.uniform1f(place, value);
      else if (type === gl.INT_VEC2) gl.uniform2i(place, ...value);
      else gl.uniform1i(place, Number(value));
    }
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  };
}

function compositorTexture(gl, kind, width, height, pixels = null) {
  const [format, type] = {
    R8: [gl.RED, gl.UNSIGNED_BYTE], RGBA8: [gl.RGBA, gl.UNSIGNED_BYTE],
    R16F: [gl.RED, gl.HALF_FLOAT],
  }[kind];
  const texture = gl.createTexture();
  gl.activeTexture(gl.TEXTURE0);
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl[kind], width, height, 0, format, type, pixels);
  for (const side of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) {
    gl.texParameteri(gl.TEXTURE_2D, side, gl.NEAREST);
  }
  return texture;
}

function compositorOnCard(scene, canvas, gl, tools) {
  const {width, height} = scene, whole = [0, 0, width, height];
  const texture = (kind, ...rest) => compositorTexture(gl, kind, ...rest);
  const picture = (pixels) => texture('RGBA8', width, height, new Uint8Array(pixels.buffer));
  const frame = gl.createFramebuffer();
  const left = texture('R16F', width, height);
  const spare = [texture('R16F', width, height), texture('R16F', width, height)];
  const masks = new Map();
  const work = {cached: new Map(), key: '', bytes: 0, under: null, over: null};

  function into(target) {
    gl.bindFramebuffer(gl.FRAMEBUFFER, target && frame);
    if (!target) return;
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, target, 0);
  }

  function isUsable(target) {
    into(target);
    return gl.checkFramebufferStatus(gl.FRAMEBUFFER) === gl.FRAMEBUFFER_COMPLETE;
  }

  function maskOf(layer) {
    const [x1, y1, x2, y2] = layer.box;
    const known = masks.get(layer.number) ?? texture('R8', x2 - x1, y2 - y1, layer.mask);
    masks.set(layer.number, known);
    return known;
  }

  function forget() {
    for (const {soft} of work.cached.values()) gl.deleteTexture(soft);
    Object.assign(work, {cached: new Map(), bytes: 0});
  }

  function blurred(layer, feather, edge) {
    const known = work.cached.get(layer.number);
    if (known) return known;
    const how = compositorEdge(scene, layer, feather, edge), mask = maskOf(layer);
    if (!how.reach || compositorIsEmpty(how.box)) return {soft: mask, box: how.box};
    const {box, area} = how, [x1, y1, x2, y2] = layer.box;
    const size = [box[2] - box[0], box[3] - box[1]], bytes = 2 * size[0] * size[1];
    const isKept = work.bytes + bytes <= COMPOSITOR_CACHE_BYTES;
    const soft = isKept ? texture('R16F', ...size) : spare[1];
    into(spare[0]);
    tools.blur([0, 0, size[0], y2 - y1], {
      ...how, source: mask, isDown: false, origin: [box[0] - x1, 0],
      area: [area[0] - x1, area[2] - x1], size: x2 - x1,
    });
    into(soft);
    tools.blur([0, 0, ...size], {
      ...how, source: spare[0], isDown: true, origin: [0, box[1] - y1],
      area: [area[1] - y1, area[3] - y1], size: y2 - y1,
    });
    const made = {soft, box};
    if (isKept) work.cached.set(layer.number, made);
    if (isKept) work.bytes += bytes;
    return made;
  }

  function takePictures() {
    for (const name of ['under', 'over']) {
      gl.deleteTexture(work[name]);
      work[name] = picture(scene[name]);
    }
  }

  if (!isUsable(left)) return null;
  takePictures();

  return {
    kind: 'webgl',
    draw({feather, alpha, edge, layers}) {
      if (gl.isContextLost()) return false;
      const key = `${feather} ${edge}`;
      if (work.key !== key) forget();
      work.key = key;
      into(left);
      gl.disable(gl.SCISSOR_TEST);
      gl.clearColor(1, 1, 1, 1);
      gl.clear(gl.COLOR_BUFFER_BIT);
      gl.blendFunc(gl.ZERO, gl.SRC_COLOR);
      for (const layer of layers) {
        const {soft, box} = blurred(layer, feather, edge), [x1, y1, x2, y2] = layer.box;
        if (compositorIsEmpty(box)) continue;
        into(left);
        gl.enable(gl.BLEND);
        tools.cover(box, {
          soft, mask: maskOf(layer), softAt: [box[0], box[1]], maskAt: [x1, y1],
          maskSize: [x2 - x1, y2 - y1], isOutward: edge === 'outward' && feather > 0,
          alpha: alpha / 255,
        });
        gl.disable(gl.BLEND);
      }
      into(null);
      tools.mix(whole, {under: work.under, over: work.over, left, height});
      // the card draws when it likes: who asks for a pixel waits until it is there
      gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
      return !gl.isContextLost();
    },
    show(target) { target.drawImage(canvas, 0, 0); },
    takePictures,
    dispose() { gl.getExtension('WEBGL_lose_context')?.loseContext(); },
  };
}
