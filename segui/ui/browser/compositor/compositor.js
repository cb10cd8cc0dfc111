// The preview of a paste, drawn in the browser while a slider moves: `makeCompositor`.
// It is the formula of the engine (backend/opacity.py, backend/paste.py) on pictures of
// preview size, with radius and sigma scaled to them as real numbers. Boxes are [x1, y1, x2, y2].
//
//   data   {width, height, scale,        of the preview; scale is preview px for each photo px
//           under, over,                 data URIs: what is pasted onto, what is pasted
//           layers: [{number, box, crop, crop_hw, mask}],   mask: data URI of a grey PNG
//           opacities: [[number, opacity]],   0 to 1, of layers that have one of their own
//           above: [{edit, swap, numbers, feather, alpha, opacities, edge}],   what is pasted after that, each
//                                        onto what is there by then; with swap, that onto the edit
//           prefer}                      'webgl' or 'canvas' insists on one way
//
//   compositor.draw({feather, alpha, edge, numbers})   milliseconds it took, or Infinity when the
//                                        graphics card was lost: then make another one
//   compositor.replace({under, over})    other pictures under the same masks; a promise
//   compositor.kind                      'webgl' or 'canvas'
//   compositor.dispose()
//
// The order of `numbers` does not matter: all layers of one edit show the same picture.
import {byCard} from './card.js';
import {byProcessor} from './processor.js';
import {canRead, pixelsOf, readScene} from './scene.js';

export async function makeCompositor(canvas, data) {
  if (!canRead()) return null;
  const scene = await readScene(data);
  let way = data.prefer === 'canvas' ? null : byCard(scene, data.prefer === 'webgl');
  if (!way && data.prefer === 'webgl') return null;
  way ??= byProcessor(scene);
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
      const {opacities} = scene;
      if (!way.draw({...settings, opacities, layers: settings.alpha > 0 ? chosen : []})) return Infinity;
      way.show(target);
      return performance.now() - start;
    },
    async replace({under, over}) {
      const pixels = (uri) => pixelsOf(uri, scene.width, scene.height);
      const [newUnder, newOver] = await Promise.all([under && pixels(under), over && pixels(over)]);
      if (newUnder) scene.under = newUnder;
      if (newOver) scene.over = newOver;
      way.takePictures();
    },
    dispose() { way.dispose(); },
  };
}
