// Clicks and boxes on the photo that say what is to be found there: by mouse, finger and keys.

/** @typedef {[number, number]} Place as shares of the picture's sides */

const DRAG_PX = 4;
const STEP = 0.01, STRIDE = 0.05;  // of the picture's sides, by an arrow key and with Shift
const HINTS = {
  click: 'Click what you want. Alt and a click takes away.',
  box: 'Draw a box around a thing.',
  both: 'Click what you want, or draw a box around it. Alt and a click takes away.',
};
const ANSWERS = {smallest: 'Smallest', middle: 'Middle', largest: 'Largest'};
const ARROWS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};

/**
 * @param {ReturnType<typeof import('./parts.js').partsOf>} parts
 * @param {import('./messages.js').FrameMessage} has
 * @param {ReturnType<typeof import('./zoom.js').makeZoom>} zoom
 * @param {(told: import('./messages.js').MarkEvent) => void} tell
 * @param {() => boolean} isBusy whether the picture is for something else now
 */
export function makeFinding({stage, scroll, sheet, found, foundBar}, has, zoom, tell, isBusy) {
  let wasFramed = false;  // the click that ends a drag is none
  const away = foundBar.querySelector('[data-found="away"]');
  const clear = foundBar.querySelector('[data-found="clear"]');
  const hint = foundBar.querySelector('.found-hint');
  const tray = foundBar.querySelector('.found-answers');
  /** @type {HTMLElement[]} they stay: one that is pressed keeps the focus */
  const choices = [...tray.querySelectorAll('[data-answer]')];
  /** @type {Place} */
  let cross = [0.5, 0.5];
  /** @type {{from: Place, pointer: number | null} | null} a box that is being drawn */
  let box = null;

  const way = () => has.marks.way;
  const takesPoints = () => way() === 'click' || way() === 'both';
  const isOn = () => Boolean(way()) && Boolean(has.photo) && !isBusy();
  const isAway = () => away.getAttribute('aria-pressed') === 'true';
  /** @param {Place} place */
  const px = ([x, y]) => [
    Math.min(has.size[0] - 1, Math.max(0, Math.floor(x * has.size[0]))),
    Math.min(has.size[1] - 1, Math.max(0, Math.floor(y * has.size[1]))),
  ];

  /** @param {Place} place @param {boolean} isTaken */
  function click(place, isTaken) {
    tell({point: [...px(place), isTaken ? 0 : 1]});
  }

  /** @param {Place} from @param {Place} to */
  function frame(from, to) {
    const [one, other] = [px(from), px(to)];
    if (one[0] !== other[0] && one[1] !== other[1]) tell({box: [...one, ...other]});
  }

  // ---- what is seen --------------------------------------------------------------------------
  function dot([x, y], name) {
    const one = document.createElement('span');
    one.className = name;
    one.style.left = `${100 * x}%`;
    one.style.top = `${100 * y}%`;
    return one;
  }

  function rectangle([x1, y1], [x2, y2], name) {
    const one = dot([Math.min(x1, x2), Math.min(y1, y2)], name);
    one.style.width = `${100 * Math.abs(x2 - x1)}%`;
    one.style.height = `${100 * Math.abs(y2 - y1)}%`;
    return one;
  }

  function drawAnswers() {
    const byName = new Map(has.marks.answers.map((one) => [one.name, one]));
    tray.hidden = !byName.size;
    for (const button of choices) {
      const one = byName.get(button.dataset.answer ?? '');
      button.hidden = !one;
      button.textContent = one ? `${ANSWERS[one.name]}: ${one.share} %` : '';
      button.setAttribute('aria-pressed', String(Boolean(one?.taken)));
      button.title = 'How much of the photo it is; once more takes the one that the model finds best';
    }
  }

  function draw() {
    drawAnswers();
    foundBar.hidden = !isOn();
    stage.dataset.finding = isOn() ? way() : '';
    hint.textContent = HINTS[way()] ?? '';
    away.hidden = !takesPoints();
    clear.disabled = !has.marks.points.length && !has.marks.boxes.length;
    if (isOn()) sheet.tabIndex = 0;
    else sheet.removeAttribute('tabindex');
    const [width, height] = has.size ?? [1, 1];
    const marks = way() ? has.marks : {points: [], boxes: []};  // another way looks at none of them
    const points = marks.points.map(([x, y, wanted]) =>
      dot([(x + 0.5) / width, (y + 0.5) / height], wanted ? 'found-dot' : 'found-dot is-away'));
    const boxes = marks.boxes.map(([x1, y1, x2, y2]) =>
      rectangle([x1 / width, y1 / height], [x2 / width, y2 / height], 'found-box'));
    const own = box ? [rectangle(box.from, cross, 'found-box is-drawn')] : [];
    const isByKeys = isOn() && document.activeElement === sheet && sheet.matches(':focus-visible');
    found.replaceChildren(...boxes, ...own, ...points, ...(isByKeys ? [dot(cross, 'found-cross')] : []));
  }

  // ---- what the user does ----------------------------------------------------------------------
  const isMeant = (event) => isOn() && event.button === 0 && sheet.contains(event.target);

  scroll.addEventListener('click', (event) => {
    if (!isMeant(event)) return;
    event.stopPropagation();  // else it would look at an area
    if (wasFramed) wasFramed = false;
    else if (takesPoints() && event.detail) click(zoom.pointAt(event.clientX, event.clientY), event.altKey || isAway());
  }, true);

  scroll.addEventListener('pointerdown', (event) => {
    wasFramed = false;
    if (!isMeant(event) || way() === 'click') return;
    event.stopPropagation();  // else it would move the picture
    cross = zoom.pointAt(event.clientX, event.clientY);
    box = {from: cross, pointer: event.pointerId};
  }, true);
  window.addEventListener('pointermove', (event) => {
    if (box?.pointer !== event.pointerId) return;
    cross = zoom.pointAt(event.clientX, event.clientY);
    draw();
  });
  window.addEventListener('pointerup', (event) => {
    if (box?.pointer !== event.pointerId) return;
    const {from} = box;
    box = null;
    const bounds = sheet.getBoundingClientRect();
    const went = Math.hypot((cross[0] - from[0]) * bounds.width, (cross[1] - from[1]) * bounds.height);
    wasFramed = went > DRAG_PX;
    if (wasFramed) frame(from, cross);
    draw();
  });
  window.addEventListener('pointercancel', () => { box = null; draw(); });

  function byKey(event) {
    if (event.key !== 'Enter' && event.key !== ' ') return false;
    if (takesPoints() && !box && !(event.shiftKey && way() === 'both')) click(cross, event.altKey || isAway());
    else if (box) { frame(box.from, cross); box = null; }
    else box = {from: cross, pointer: null};
    return true;
  }

  sheet.addEventListener('keydown', (event) => {
    if (!isOn() || event.target !== sheet) return;
    const step = event.shiftKey ? STRIDE : STEP, to = ARROWS[event.key];
    if (to) cross = /** @type {Place} */ (cross.map((one, axis) => Math.min(1, Math.max(0, one + step * to[axis]))));
    else if (event.key === 'Escape' && box) box = null;
    else if (!byKey(event)) return;
    event.preventDefault();
    draw();
  });
  for (const name of ['focus', 'blur']) sheet.addEventListener(name, draw);
  away.addEventListener('click', () => away.setAttribute('aria-pressed', String(!isAway())));
  clear.addEventListener('click', () => tell({clear: true}));

  for (const button of choices) {
    const name = button.dataset.answer;
    button.addEventListener('click', () => {
      tell({candidate: button.getAttribute('aria-pressed') === 'true' ? 'best' : name});
    });
  }

  return {draw};
}
