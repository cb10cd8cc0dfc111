// The elements of the frame, as layout/frame.py writes them.

/** @param {HTMLElement} element */
export function partsOf(element) {
  /** @type {(selector: string) => any} */
  const find = (selector) => element.querySelector(selector);
  /** @type {(selector: string) => any[]} */
  const all = (selector) => [...element.querySelectorAll(selector)];
  return {
    element,
    stage: find('.viewer-stage'),
    scroll: find('.viewer-scroll'),      // moves the sheet
    sheet: find('.viewer-sheet'),        // the picture and all that lies on it
    fit: find('.viewer-fit'),            // as wide as a sheet of which everything is seen
    before: find('.viewer-before'), after: find('.viewer-after'),
    live: find('.viewer-live'),
    look: find('.viewer-look'), lookBefore: find('.viewer-look-before'),
    outlines: find('.viewer-areas'), marks: find('.viewer-marks'),
    divider: find('.viewer-divider'),
    hold: find('.viewer-hold'),
    modes: all('[data-mode]'), zooms: all('[data-zoom]'),
    empty: find('.viewer-empty'), busy: find('.viewer-busy'), stale: find('.viewer-stale'),
    found: find('.viewer-found'), foundBar: find('.found-bar'),
    host: find('.painter-host'), bar: find('.painter-bar'),
  };
}
