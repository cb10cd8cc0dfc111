// Painting over the picture, and what the server knows of it.
import {makePainter} from '../painter/painter.js';

/** @typedef {import('./messages.js').Painted} Painted */

/**
 * @param {ReturnType<typeof import('./parts.js').partsOf>} parts
 * @param {import('./messages.js').FrameMessage} has
 * @param {object} on
 * @param {() => void} on.open the picture is about to be painted on
 * @param {(told: import('./messages.js').PaintedEvent) => void} on.painted
 */
export function makePainting({host, bar}, has, on) {
  /** @type {ReturnType<typeof makePainter> | null} */
  let painter = null;
  let mask = '', told = 0, size = null;

  function tell(painted) {
    mask = painted;
    told += 1;
    on.painted({painted, told});
  }

  function prepare() {
    const [width, height] = has.preview;
    if (!painter) {
      painter = makePainter({host, bar, width, height, initial: mask, onDone: tell});
    } else if (String(size) !== String(has.preview)) {
      painter.resize(width, height);
      painter.load(mask);
    }
    size = has.preview;
  }

  return {
    get isOpen() { return Boolean(painter?.isOpen); },

    toggle() {
      if (!has.preview) return;
      prepare();
      if (painter.isOpen) { painter.close(); return; }
      on.open();
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
  };
}
