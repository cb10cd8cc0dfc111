// Pasting on the graphics card.
import {isEmpty} from './boxes.js';
import {CACHE_BYTES, edgeOf, featherPx} from './edge.js';
import {makeTexture, makeTools} from './programs.js';
import {makeCanvas} from './scene.js';

const SLOW_MS = 50;  // a graphics card that takes longer is none
const SOFTWARE = /swiftshader|llvmpipe|software|basic render/i;

// null where there is no card, or one that is slower than the processor.
export function byCard(scene, isForced) {
  const canvas = makeCanvas(scene.width, scene.height);
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
  const tools = isFit && (isForced || !SOFTWARE.test(name)) ? makeTools(gl) : null;
  const way = tools && onCard(scene, canvas, gl, tools);
  if (way && (isForced || isQuick(scene, way))) return way;
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return null;
}

function isQuick(scene, way) {
  const draw = (px, layers) => {
    const start = performance.now();
    const drew = way.draw({feather: px / scene.scale, alpha: 255, edge: 'smooth', layers});
    return drew ? performance.now() - start : Infinity;
  };
  const layers = [...scene.layers.values()];
  draw(8, layers.slice(0, 1));  // what the card prepares once is not counted
  return draw(12, layers) <= SLOW_MS;
}

function onCard(scene, canvas, gl, tools) {
  const {width, height} = scene, whole = [0, 0, width, height];
  const texture = (kind, ...rest) => makeTexture(gl, kind, ...rest);
  const picture = (pixels) => texture('RGBA8', width, height, new Uint8Array(pixels.buffer));
  const frame = gl.createFramebuffer();
  const left = texture('R16F', width, height);
  const spare = [texture('R16F', width, height), texture('R16F', width, height)];
  const masks = new Map(), pictures = {under: null, over: null};
  const work = {cached: new Map(), key: '', bytes: 0};
  const above = scene.above.map((one) => ({...one, cached: new Map(), bytes: 0}));
  const between = above.length ? [texture('RGBA8', width, height), texture('RGBA8', width, height)] : [];

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

  function blurred(layer, {feather, edge}, work) {
    const known = work.cached.get(layer.number);
    if (known) return known;
    const how = edgeOf(scene, layer, featherPx(feather, layer.side), edge), mask = maskOf(layer);
    if (!how.reach || isEmpty(how.box)) return {soft: mask, box: how.box};
    const {box, area} = how, [x1, y1, x2, y2] = layer.box;
    const size = [box[2] - box[0], box[3] - box[1]], bytes = 2 * size[0] * size[1];
    const isKept = work.bytes + bytes <= CACHE_BYTES;
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
      gl.deleteTexture(pictures[name]);
      pictures[name] = picture(scene[name]);
    }
  }

  // What is left of the picture below by all layers of an edit.
  function cover({feather, alpha, opacities, edge, layers}, work) {
    into(left);
    gl.disable(gl.SCISSOR_TEST);
    gl.clearColor(1, 1, 1, 1);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.blendFunc(gl.ZERO, gl.SRC_COLOR);
    for (const layer of layers) {
      const {soft, box} = blurred(layer, {feather, edge}, work), [x1, y1, x2, y2] = layer.box;
      if (isEmpty(box)) continue;
      into(left);
      gl.enable(gl.BLEND);
      tools.cover(box, {
        soft, mask: maskOf(layer), softAt: [box[0], box[1]], maskAt: [x1, y1],
        maskSize: [x2 - x1, y2 - y1], isOutward: edge === 'outward' && featherPx(feather, layer.side) > 0,
        alpha: alpha / 255 * (opacities?.get(layer.number) ?? 1),
      });
      gl.disable(gl.BLEND);
    }
  }

  // The last picture is the canvas; those before it lie in textures, two by turns.
  function mix(under, over, place) {
    const isLast = place === above.length, target = isLast ? null : between[place % 2];
    into(target);
    tools.mix(whole, {under, over, left, height, isTurned: isLast});
    return target;
  }

  if (!isUsable(left) || between.some((target) => !isUsable(target))) return null;
  takePictures();
  for (const one of above) one.picture = picture(one.edit);

  return {
    kind: 'webgl',
    draw(settings) {
      if (gl.isContextLost()) return false;
      const key = `${settings.feather} ${settings.edge}`;
      if (work.key !== key) forget();
      work.key = key;
      cover(settings, work);
      let shown = mix(pictures.under, pictures.over, 0);
      above.forEach((one, place) => {
        cover(one, one);
        const [under, over] = one.swap ? [one.picture, shown] : [shown, one.picture];
        shown = mix(under, over, place + 1);
      });
      // the card draws when it likes: who asks for a pixel waits until it is there
      gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
      return !gl.isContextLost();
    },
    show(target) { target.drawImage(canvas, 0, 0); },
    takePictures,
    dispose() { gl.getExtension('WEBGL_lose_context')?.loseContext(); },
  };
}
