// Zoom: the sheet grows, and the stage scrolls.

const MOST = 8;  // screen pixels for each of the photo's, unless so small a photo fits at more

/**
 * @param {ReturnType<typeof import('./parts.js').partsOf>} parts
 * @param {import('./messages.js').FrameMessage} has
 * @param {object} on
 * @param {() => void} on.layOut the sheet has another size
 * @param {() => void} on.move another part of the photo is seen, or at another size
 * @param {() => void} on.jump the same, and by a button
 * @param {() => [number, number] | null} on.focus where a button's zoom goes to, as shares of the sheet
 */
export function makeZoom({stage, scroll, sheet, fit, zooms}, has, on) {
  let factor = 0;  // screen pixels for each of the photo's; 0 where all of it is seen

  const factorOf = (name) => name === 'fit' ? 0 : Number(name);
  const density = () => window.devicePixelRatio || 1;
  const fitFactor = () => fit.getBoundingClientRect().width * density() / has.size[0];

  function set(wanted) {
    factor = wanted;
    for (const button of zooms) {
      button.setAttribute('aria-pressed', String(factorOf(button.dataset.zoom) === factor));
    }
    stage.classList.toggle('zoomed', factor > 0);
    stage.classList.toggle('magnified', factor > 1);
    makeReachable();
    layOut();
  }

  // what scrolls must be reachable from the keyboard, and only then
  function makeReachable() {
    if (!factor) {
      for (const name of ['tabindex', 'role', 'aria-label']) scroll.removeAttribute(name);
      return;
    }
    scroll.tabIndex = 0;
    scroll.setAttribute('role', 'region');
    const percent = Math.round(100 * factor);
    scroll.setAttribute('aria-label', `The picture at ${percent} %: arrow keys move it`);
  }

  function layOut() {
    if (!has.size) return;
    const [width, height] = has.size;
    stage.style.setProperty('--aspect', String(width / height));
    sheet.style.width = factor ? `${width * factor / density()}px` : '';
    // outlines and numbers keep their size on the screen
    const unit = has.preview ? has.preview[0] / Math.max(1, sheet.clientWidth) : 1;
    sheet.style.setProperty('--unit', String(unit));
    on.layOut();
  }

  function moveTo([x, y]) {
    scroll.scrollLeft = x * sheet.clientWidth - scroll.clientWidth / 2;
    scroll.scrollTop = y * sheet.clientHeight - scroll.clientHeight / 2;
  }

  /** @returns {[number, number]} */
  function middle() {
    return [(scroll.scrollLeft + scroll.clientWidth / 2) / Math.max(1, sheet.clientWidth),
            (scroll.scrollTop + scroll.clientHeight / 2) / Math.max(1, sheet.clientHeight)];
  }

  return {
    get factor() { return factor; },
    get isPossible() { return Boolean(has.size && has.photo); },
    moveTo,

    /** The photo, or the room for it, has another size. */
    layOut,

    /** The stage may be as high as it likes again. */
    free() { scroll.style.maxHeight = ''; },

    /** What a button says: 'fit', or the factor. */
    choose(name) {
      const wanted = factorOf(name);
      if (wanted === factor || !has.size) return;
      const before = middle();
      scroll.style.maxHeight = '';
      set(wanted);
      moveTo(on.focus() ?? before);
      on.jump();
    },

    /** The factor at which it is seen now. */
    seenAt: () => factor || fitFactor(),

    /**
     * Which point of the sheet is at one of the window, as shares of its sides.
     * @returns {[number, number]}
     */
    pointAt(x, y) {
      const box = sheet.getBoundingClientRect();
      return [(x - box.left) / Math.max(1, box.width), (y - box.top) / Math.max(1, box.height)];
    },

    /** Another factor, with a point of the sheet at one of the window, as far as there is sheet. */
    hold([right, down], x, y, wanted) {
      const least = fitFactor(), next = wanted <= least ? 0 : Math.min(wanted, Math.max(MOST, least));
      // a stage that grew would take the point along
      if (next) scroll.style.maxHeight ||= `min(var(--tall), ${scroll.clientHeight}px)`;
      else scroll.style.maxHeight = '';
      if (next !== factor) set(next);
      const box = sheet.getBoundingClientRect();
      scroll.scrollLeft += box.left + right * box.width - x;
      scroll.scrollTop += box.top + down * box.height - y;
      on.move();
    },

    /** A point of the sheet, as shares of its sides, is to be seen: the sheet moves if it is not. */
    reveal([right, down]) {
      const x = right * sheet.clientWidth, y = down * sheet.clientHeight;
      const isSeen = scroll.scrollLeft <= x && x <= scroll.scrollLeft + scroll.clientWidth
        && scroll.scrollTop <= y && y <= scroll.scrollTop + scroll.clientHeight;
      if (factor && !isSeen) moveTo([right, down]);
    },

    /** What is seen of the photo, [x1, y1, x2, y2] in its pixels. */
    inView() {
      const [width, height] = has.size;
      const scale = width / Math.max(1, sheet.clientWidth);
      const left = Math.max(0, scroll.scrollLeft - sheet.offsetLeft);
      const top = Math.max(0, scroll.scrollTop - sheet.offsetTop);
      return [Math.floor(left * scale), Math.floor(top * scale),
              Math.min(width, Math.ceil((left + scroll.clientWidth) * scale)),
              Math.min(height, Math.ceil((top + scroll.clientHeight) * scale))];
    },
  };
}
