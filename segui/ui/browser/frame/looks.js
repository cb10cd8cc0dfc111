// What is in view, at the photo's full size, once the picture is zoomed and lies still.

const LOOK_MS = 120;
const MOST_PX = 2600;  // a side; the server sends no more

/**
 * @param {ReturnType<typeof import('./parts.js').partsOf>} parts
 * @param {import('./messages.js').FrameMessage} has
 * @param {ReturnType<typeof import('./zoom.js').makeZoom>} zoom
 * @param {(name: string, data: import('./messages.js').LookEvent) => void} trigger
 */
export function makeLooks({look, lookBefore}, has, zoom, trigger) {
  let timer = 0;

  function middleOf(least, most) {
    const spare = Math.max(0, most - least - MOST_PX);
    return [least + Math.floor(spare / 2), most - Math.ceil(spare / 2)];
  }

  // Which part is wanted, [x1, y1, x2, y2]: the middle of what is too much; null where all is seen.
  function wanted() {
    if (!zoom.factor || !has.size) return null;
    const [x1, y1, x2, y2] = zoom.inView();
    const [[left, right], [top, bottom]] = [middleOf(x1, x2), middleOf(y1, y2)];
    return [left, top, right, bottom];
  }

  function place(image, source) {
    image.hidden = !source;
    if (!source) return;
    if (image.src !== source) image.src = source;
    const [x1, y1, x2, y2] = has.look.box, [width, height] = has.size;
    image.style.left = `${100 * x1 / width}%`;
    image.style.top = `${100 * y1 / height}%`;
    image.style.width = `${100 * (x2 - x1) / width}%`;
    image.style.height = `${100 * (y2 - y1) / height}%`;
  }

  return {
    wanted,
    ask() {
      clearTimeout(timer);
      const box = wanted();
      if (box) timer = setTimeout(() => trigger('look', {look: wanted() ?? box}), LOOK_MS);
    },
    forget() { has.look = null; },
    draw(isUsable, isOld, isCompare) {
      const shown = zoom.factor && isUsable ? has.look : null;
      place(look, shown && (isOld ? shown.before : shown.after));
      place(lookBefore, shown && isCompare && shown.before);
    },
  };
}
