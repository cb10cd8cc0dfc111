// Painting over the picture and on mask files, and what the server knows of it.
import {makePainter} from '../painter/painter.js';

/** @typedef {import('./messages.js').Painted} Painted */

const ZOOM_STEP = 1.25;

/**
 * @param {ReturnType<typeof import('./parts.js').partsOf>} parts
 * @param {import('./messages.js').FrameMessage} has
 * @param {ReturnType<typeof import('./zoom.js').makeZoom>} zoom
 * @param {object} on
 * @param {() => void} on.open the picture is about to be painted on
 * @param {(told: import('./messages.js').PaintedEvent) => void} on.painted
 * @param {(layer: string) => void} on.layer a mask file is to be painted on
 */
export function makePainting({host, bar}, has, zoom, on) {
  /** @type {ReturnType<typeof makePainter> | null} */
  let painter = null;
  let mask = '', size = null;
  /** @type {Map<string, {strokes: string, told: number}>} of each mask file, by its id */
  let layers = new Map();
  let told = 0;  // of the mask of one's own

  function tell(painted, layer) {
    if (!layer) {
      mask = painted;
      told += 1;
      on.painted({layer, painted, told});
      return;
    }
    const of = {strokes: painted, told: (layers.get(layer)?.told ?? 0) + 1};
    layers.set(layer, of);
    on.painted({layer, painted, told: of.told});
  }

  function zoomBy(step, point) {
    if (!step) { zoom.choose('fit'); return; }
    const box = host.getBoundingClientRect();
    zoom.hold(point, box.left + point[0] * box.width, box.top + point[1] * box.height,
              zoom.seenAt() * ZOOM_STEP ** step);
  }

  function prepare() {
    const [width, height] = has.preview;
    if (!painter) {
      painter = makePainter({
        host, bar, width, height, initial: mask, onDone: tell, onLayer: on.layer, zoomBy,
        strokesOf: (layer) => layers.get(layer)?.strokes ?? '', reveal: zoom.reveal,
      });
      painter.setLayers(has.layers);
    } else if (String(size) !== String(has.preview)) {
      painter.resize(width, height);
      painter.load(mask);
    }
    size = has.preview;
  }

  return {
    get isOpen() { return Boolean(painter?.isOpen); },

    /**
     * Opens the painter, or closes it.
     * @param {string} [layer] the mask file to paint on; '' for a mask of one's own, and without it
     *   what was painted on last
     */
    toggle(layer) {
      if (!has.preview) return;
      prepare();
      if (painter.isOpen) {
        if (layer === undefined || layer === painter.layer) painter.close();
        else painter.choose(layer);
        return;
      }
      on.open();
      painter.choose(layer ?? painter.layer);
      painter.open();
    },

    /**
     * Another mask, or one's own that comes back.
     * @param {Painted} painted
     * @param {boolean} isOrder whether it cannot be one's own, where the server does not say
     */
    take(painted, isOrder) {
      if (painted.told < told) return;  // what was painted since is still on its way
      mask = painted.mask;
      if (painted.told === undefined) painter?.load(mask, isOrder);
      else painter?.agree(mask);
    },

    /**
     * The mask files, with what was painted on each.
     * @param {import('./messages.js').MaskLayer[]} given
     */
    takeLayers(given) {
      const before = layers;
      layers = new Map(given.map(({layer, strokes, told: heard = 0}) => {
        const known = before.get(layer);
        return [layer, known && heard < known.told ? known : {strokes, told: heard}];
      }));
      painter?.setLayers(given);
      for (const [layer, {strokes}] of layers) {
        if (strokes !== before.get(layer)?.strokes) painter?.agree(strokes, layer);
      }
    },

    /** @param {import('./messages.js').Base | null} base */
    takeBase(base) {
      if (base) painter?.setBase(base);
    },
  };
}
