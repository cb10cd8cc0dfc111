// Areas over the picture: outlines to click, numbers to read, and what was too small to be one.

const POINT_MS = 1600;
const MARK_ROOM_PX2 = 600;  // a number of three digits takes up 28 x 18 px

const drawn = (name, attributes) => {
  const one = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) one.setAttribute(key, String(value));
  return one;
};

/**
 * @param {ReturnType<typeof import('./parts.js').partsOf>} parts
 * @param {import('./messages.js').FrameMessage} has
 */
export function makeOutlines({element, stage, sheet, outlines, marks}, has) {
  let selected = 0, pointing = 0;

  function draw() {
    outlines.setAttribute('viewBox', `0 0 ${has.preview?.[0] ?? 1} ${has.preview?.[1] ?? 1}`);
    outlines.replaceChildren();
    marks.replaceChildren();
    const byArea = [...has.shapes].sort((one, other) => other.a - one.a);  // small ones lie on top
    for (const shape of byArea) drawOne(shape);
    marks.classList.toggle('crowded', has.shapes.length > 60);
    thinOut();
    style();
  }

  function drawOne({n, d, x, y}) {
    const line = {d, 'data-number': n};
    outlines.append(drawn('path', {...line, class: 'halo'}), drawn('path', line));
    const mark = document.createElement('span');
    mark.textContent = String(n);
    mark.dataset.number = String(n);
    mark.style.left = `${100 * x / has.preview[0]}%`;
    mark.style.top = `${100 * y / has.preview[1]}%`;
    marks.append(mark);
  }

  // where numbers would cover each other, only the picked area's is seen
  function thinOut() {
    const room = sheet.clientWidth * sheet.clientHeight / Math.max(1, has.shapes.length);
    marks.classList.toggle('too-many', room < MARK_ROOM_PX2);
  }

  function style() {
    for (const one of [...outlines.querySelectorAll('path'), ...marks.children]) {
      const place = Number(one.dataset.number) - 1;
      const kind = one.classList.contains('halo') ? 'halo ' : '';
      one.setAttribute('class', `${kind}side-${has.sides[place] ?? 'review'}`
        + `${has.hand[place] ? ' by-hand' : ''}${selected === place + 1 ? ' selected' : ''}`);
    }
  }

  function mark() {
    style();
    // cards, rows and dots of the same area, wherever they are on the page
    for (const one of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-number]'))) {
      if (element.contains(one)) continue;
      const isIt = Number(one.dataset.number) === selected;
      one.classList.toggle('selected', isIt);
      if (one.matches('button')) one.setAttribute('aria-pressed', String(isIt));
      if (isIt && one.matches('.area-card')) one.scrollIntoView({block: 'nearest'});
    }
  }

  function pointForAMoment() {
    stage.classList.add('points');
    clearTimeout(pointing);
    pointing = setTimeout(() => stage.classList.remove('points'), POINT_MS);
  }

  function drawLeftOut() {
    outlines.querySelectorAll('.left-out').forEach((one) => one.remove());
    const factor = has.preview && has.size ? has.preview[0] / has.size[0] : 1;
    for (const box of has.left_out.boxes) {
      const [x, y, right, bottom] = box.map((edge) => edge * factor);
      outlines.append(drawn('rect', {class: 'left-out', x, y, width: right - x, height: bottom - y}));
    }
  }

  // a table that is unfolded only now has not been marked yet
  new MutationObserver((changes) => {
    const added = changes.flatMap((change) => [...change.addedNodes]);
    const isTable = (node) => node.nodeType === 1 && (node.closest('#table') || node.querySelector('#table'));
    if (selected && added.some(isTable)) mark();
  }).observe(document.querySelector('#middle') ?? document.body, {childList: true, subtree: true});

  return {
    get selected() { return selected; },
    draw, drawLeftOut, mark, thinOut,

    /** Looks at the area that is said to be looked at; whether it is another one. */
    select() {
      const isOther = has.selected > 0 && has.selected !== selected;
      if (isOther) pointForAMoment();
      selected = has.selected;
      mark();
      return isOther;
    },

    /**
     * Where an area is, as shares of the sheet's sides.
     * @returns {[number, number]}
     */
    middleOf(number) {
      const shape = has.shapes.find((one) => one.n === number);
      return shape ? [shape.x / has.preview[0], shape.y / has.preview[1]] : [0.5, 0.5];
    },
  };
}
