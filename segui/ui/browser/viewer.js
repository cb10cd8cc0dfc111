// The picture: result, before and after, areas. Gradio runs this with `element`, `props`, `watch`
// and `trigger`. A value holds what changed; the rest stays as it is:
//   photo, result          pictures of preview size, as data URIs
//   size                   [width, height] of the photo
//   shapes                 each area's outline and number: {n, d, x, y}, in preview pixels
//   preview                [width, height] of the previews
//   sides, hand            where each area goes, and whether that was said by hand
//   selected               the number of the area that is looked at
//   live                   what the preview that follows the sliders is made of, see compositor.js;
//                          null when it is to be asked for
//   look                   a part of the result and of the photo at full size
//   left_out               boxes of what was too small to be an area
//   busy                   what is being done; it is done with the next value
//   stale                  why the picture is of what was there before
//   painted                the mask painted so far
const find = (name) => element.querySelector(`.viewer-${name}`);
const stage = find('stage'), scroll = find('scroll'), sheet = find('sheet');
const before = find('before'), after = find('after'), live = find('live');
const look = find('look'), lookBefore = find('look-before');
const divider = find('divider'), hold = find('hold'), empty = find('empty'), stale = find('stale');
const busy = find('busy');
busy.hidden = false;  // it is there before it says something, or nobody would read it out
const outlines = find('areas'), marks = find('marks');
const modes = [...element.querySelectorAll('[data-mode]')];
const zooms = [...element.querySelectorAll('[data-zoom]')];
const REST_MS = 60;        // a slider that has not moved for this long rests
const HELD_MS = 150;       // while the pointer still holds it; when it lets go, it rests at once
const LOOK_MS = 120;
const ASK_MS = 30;
const POINT_MS = 1600;
const DRAG_PX = 4;         // a pointer that went further has moved the picture: that is no click
const NO_PHOTO = 'Add a photo in step 1 first';
const SLOW_DRAW_MS = 50;   // above that, the server's preview is the better one
const MARK_ROOM_PX2 = 600;  // a number of three digits takes up 28 x 18 px
const has = {photo: '', result: '', size: null, preview: null, shapes: [], sides: [], hand: []};
let mode = 'result', zoom = 'fit', held = false, selected = 0, makings = 0;

// ---- pictures ----------------------------------------------------------------------------------
function show(image, source) {
  image.hidden = !source;
  if (source && image.src !== source) image.src = source;
}

// What cannot be pressed now says why; else its title is what it does.
function able(button, isAble, why) {
  button.dataset.title ??= button.title;
  button.disabled = !isAble;
  button.title = isAble ? button.dataset.title : why;
}

function draw() {
  const usable = {result: has.result, compare: has.result, areas: has.photo && has.shapes.length};
  // with areas and nothing to paste yet, the areas are what there is to see
  const shown = usable[mode] ? mode : usable.areas ? 'areas' : 'photo';
  for (const button of modes) {
    const what = button.dataset.mode === 'areas' ? 'are no areas' : 'is no result';
    able(button, usable[button.dataset.mode], `There ${what} yet`);
    button.setAttribute('aria-pressed', String(button.dataset.mode === shown));
  }
  able(hold, has.result, has.photo ? 'There is no result yet' : NO_PHOTO);
  for (const button of zooms) able(button, has.photo, NO_PHOTO);
  const isCompare = shown === 'compare' && !held;
  const isOld = held || shown === 'photo' || shown === 'areas';
  show(after, isOld ? has.photo : has.result);
  show(before, isCompare ? has.photo : '');
  live.hidden = isOld || !drafts.isShown;
  sheet.hidden = !has.photo;
  stage.classList.toggle('comparing', isCompare);
  stage.classList.toggle('is-empty', !has.photo);
  stage.classList.toggle('shows-areas', shown === 'areas' && !held);
  divider.hidden = !isCompare;
  empty.hidden = Boolean(has.photo);
  after.alt = held || shown === 'photo' ? 'The photo' : shown === 'areas'
    ? 'The photo with its numbered areas' : 'The result';
  stage.style.setProperty('--split', `${divider.value}%`);
  drawLook(isOld, isCompare);
}

// ---- zoom: the sheet grows, the stage scrolls, and what is in view comes at full size ------------
const looks = {box: null, after: '', before: '', timer: 0};

const factor = () => (zoom === 'fit' ? 0 : Number(zoom));

function setZoom(name) {
  if (zoom === name || !has.size) return;
  const x = (scroll.scrollLeft + scroll.clientWidth / 2) / Math.max(1, sheet.clientWidth);
  const y = (scroll.scrollTop + scroll.clientHeight / 2) / Math.max(1, sheet.clientHeight);
  zoom = name;
  for (const button of zooms) button.setAttribute('aria-pressed', String(button.dataset.zoom === zoom));
  stage.classList.toggle('zoomed', factor() > 0);
  stage.classList.toggle('magnified', factor() > 1);
  // what scrolls must be reachable from the keyboard, and only then
  if (factor()) {
    scroll.tabIndex = 0;
    scroll.setAttribute('role', 'region');
    scroll.setAttribute('aria-label', `The picture at ${100 * factor()} %: arrow keys move it`);
  } else {
    for (const name of ['tabindex', 'role', 'aria-label']) scroll.removeAttribute(name);
  }
  layOut();
  const area = selected || drafts.numbers[0];
  moveTo(area ? middleOf(area) : [x, y]);
  looks.box = null;
  draw();
  askForLook();
}

function moveTo([x, y]) {
  scroll.scrollLeft = x * sheet.clientWidth - scroll.clientWidth / 2;
  scroll.scrollTop = y * sheet.clientHeight - scroll.clientHeight / 2;
}

function middleOf(number) {
  const shape = has.shapes.find((one) => one.n === number);
  return shape ? [shape.x / has.preview[0], shape.y / has.preview[1]] : [0.5, 0.5];
}

function layOut() {
  if (!has.size) return;
  const [width, height] = has.size;
  sheet.style.setProperty('--aspect', String(width / height));
  sheet.style.width = factor() ? `${width * factor() / (window.devicePixelRatio || 1)}px` : '';
  // outlines and numbers keep their size on the screen
  const unit = has.preview ? has.preview[0] / Math.max(1, sheet.clientWidth) : 1;
  sheet.style.setProperty('--unit', String(unit));
  thinOut();
}

function inView() {
  const [width, height] = has.size;
  const scale = width / Math.max(1, sheet.clientWidth);
  const left = Math.max(0, scroll.scrollLeft - sheet.offsetLeft);
  const top = Math.max(0, scroll.scrollTop - sheet.offsetTop);
  const x1 = Math.floor(left * scale), y1 = Math.floor(top * scale);
  const x2 = Math.min(width, Math.ceil((left + scroll.clientWidth) * scale));
  const y2 = Math.min(height, Math.ceil((top + scroll.clientHeight) * scale));
  return [x1, y1, x2, y2];
}

function askForLook() {
  clearTimeout(looks.timer);
  if (!factor() || !has.size) return;
  looks.timer = setTimeout(() => trigger('look', {look: inView()}), LOOK_MS);
}

function drawLook(isOld, isCompare) {
  const usable = factor() && looks.box && !(drafts.isShown && !isOld);
  const place = (image, source) => {
    show(image, usable ? source : '');
    if (image.hidden) return;
    const [x1, y1, x2, y2] = looks.box, [width, height] = has.size;
    image.style.left = `${100 * x1 / width}%`;
    image.style.top = `${100 * y1 / height}%`;
    image.style.width = `${100 * (x2 - x1) / width}%`;
    image.style.height = `${100 * (y2 - y1) / height}%`;
  };
  place(look, isOld ? looks.before : looks.after);
  place(lookBefore, isCompare ? looks.before : '');
}

// ---- areas: outlines to click, numbers to read ---------------------------------------------------
function drawShapes() {
  outlines.setAttribute('viewBox', `0 0 ${has.preview?.[0] ?? 1} ${has.preview?.[1] ?? 1}`);
  outlines.replaceChildren();
  marks.replaceChildren();
  const byArea = [...has.shapes].sort((one, other) => other.a - one.a);  // small ones lie on top
  for (const shape of byArea) {
    const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    path.setAttribute('d', shape.d);
    path.dataset.number = shape.n;
    const halo = path.cloneNode();
    halo.setAttribute('class', 'halo');
    outlines.append(halo, path);
    const mark = document.createElement('span');
    mark.textContent = shape.n;
    mark.dataset.number = shape.n;
    mark.style.left = `${100 * shape.x / has.preview[0]}%`;
    mark.style.top = `${100 * shape.y / has.preview[1]}%`;
    marks.append(mark);
  }
  marks.classList.toggle('crowded', has.shapes.length > 60);
  thinOut();
  styleShapes();
}

// where numbers would cover each other, only the picked area's is seen
function thinOut() {
  const room = sheet.clientWidth * sheet.clientHeight / Math.max(1, has.shapes.length);
  marks.classList.toggle('too-many', room < MARK_ROOM_PX2);
}

function styleShapes() {
  for (const one of element.querySelectorAll('.viewer-areas path, .viewer-marks span')) {
    const place = Number(one.dataset.number) - 1;
    const kind = one.classList.contains('halo') ? 'halo ' : '';
    one.setAttribute('class', `${kind}side-${has.sides[place] ?? 'review'}`
      + `${has.hand[place] ? ' by-hand' : ''}${selected === place + 1 ? ' selected' : ''}`);
  }
}

function markSelected() {
  styleShapes();
  // cards, rows and dots of the same area, wherever they are on the page
  for (const one of document.querySelectorAll('[data-number]')) {
    if (element.contains(one)) continue;
    const isIt = Number(one.dataset.number) === selected;
    one.classList.toggle('selected', isIt);
    if (one.matches('button')) one.setAttribute('aria-pressed', String(isIt));
    if (isIt && one.matches('.area-card')) one.scrollIntoView({block: 'nearest'});
  }
}

// a table that is unfolded only now has not been marked yet
new MutationObserver((changes) => {
  const added = changes.flatMap((change) => [...change.addedNodes]);
  const isTable = (node) => node.nodeType === 1 && (node.closest('#table') || node.querySelector('#table'));
  if (selected && added.some(isTable)) markSelected();
}).observe(document.querySelector('#middle') ?? document.body, {childList: true, subtree: true});

let pointing = 0, leftOutAsked = 0;
function pointForAMoment() {
  stage.classList.add('points');
  clearTimeout(pointing);
  pointing = setTimeout(() => stage.classList.remove('points'), POINT_MS);
}

function drawLeftOut(boxes) {
  outlines.querySelectorAll('.left-out').forEach((one) => one.remove());
  const factor = has.preview && has.size ? has.preview[0] / has.size[0] : 1;
  for (const [x1, y1, x2, y2] of boxes) {
    const box = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
    box.setAttribute('class', 'left-out');
    const sides = {x: x1, y: y1, width: x2 - x1, height: y2 - y1};
    for (const [name, value] of Object.entries(sides)) box.setAttribute(name, value * factor);
    outlines.append(box);
  }
}

outlines.addEventListener('click', (event) => {
  if (isDragged) return;
  const path = event.target.closest('[data-number]');
  if (path) trigger('select', {number: Number(path.dataset.number)});
});

// ---- the preview that follows the sliders ----------------------------------------------------------
const drafts = {compositor: null, values: null, isMoved: false, isShown: false, isSlow: 0,
                reach: Infinity, isBeyond: false, frame: 0, timer: 0, numbers: []};

// The areas are to be on the screen first: this is asked for when they are.
function askForLive() {
  forgetLive();
  drafts.isBeyond = false;
  clearTimeout(asking);
  asking = setTimeout(() => trigger('live'), ASK_MS);
}
let asking = 0;

function forgetLive() {
  drafts.compositor?.dispose();
  drafts.compositor = null;
  drafts.isSlow = 0;
  stage.dataset.live = '';
  return ++makings;
}

async function makeLive(data) {
  const mine = forgetLive();
  if (!data.layers?.length) {
    stage.dataset.live = 'server';
    return;
  }
  const under = data.swap ? data.edit : has.photo, over = data.swap ? has.photo : data.edit;
  try {
    const made = await makeCompositor(live, {...data, under, over});
    if (mine !== makings) { made?.dispose(); return; }
    drafts.compositor = made;
    drafts.reach = data.reach ?? Infinity;
    stage.dataset.live = made?.kind ?? 'server';
  } catch (error) {
    stage.dataset.live = 'server';  // nothing is lost: the server draws
  }
}

function takeDraft(values) {
  drafts.values = values;
  drafts.isMoved = true;
  if (mode === 'areas') mode = 'result';
  clearTimeout(drafts.timer);
  drafts.isBeyond = values.feather > drafts.reach;
  const isServer = stage.dataset.live === 'server' || drafts.isSlow > 2 || drafts.isBeyond;
  drafts.timer = setTimeout(rest, isServer ? 0 : isHeld ? HELD_MS : REST_MS);
  if (drafts.compositor && !isServer && !drafts.frame) drafts.frame = requestAnimationFrame(drawDraft);
}

function drawDraft() {
  drafts.frame = 0;
  if (!drafts.compositor) return;
  const took = drafts.compositor.draw({...drafts.values, numbers: drafts.numbers});
  if (!Number.isFinite(took)) { drafts.compositor = null; stage.dataset.live = 'server'; return; }
  drafts.isSlow = took > SLOW_DRAW_MS ? drafts.isSlow + 1 : 0;
  drafts.isShown = true;
  stage.dataset.draws = Number(stage.dataset.draws ?? 0) + 1;
  stage.dataset.drawMs = took.toFixed(2);
  draw();
}

let isHeld = false;
document.addEventListener('pointerdown', () => { isHeld = true; }, true);
for (const name of ['pointerup', 'pointercancel']) {
  document.addEventListener(name, () => {
    isHeld = false;
    rest();  // now: a timer would wait for the frame that draws the last move
  }, true);
}

function rest() {
  clearTimeout(drafts.timer);
  if (!drafts.isMoved) return;
  drafts.isMoved = false;
  trigger('rest', {look: factor() ? inView() : null});
}

// ---- what the server says --------------------------------------------------------------------------
function take() {
  const value = props.value || {};
  if ('busy' in value) busy.textContent = value.busy;
  if ('photo' in value) empty.textContent = 'Drop a photo in step 1 and it shows here.';
  // with the same photo, what was painted may be an echo: see painter.js
  const isOrder = !('photo' in value) || value.photo !== has.photo;
  // the way of pasting was changed: show what came of it
  if (mode === 'areas' && value.result && !('sides' in value) && !('selected' in value)) mode = 'result';
  for (const name of Object.keys(has)) if (name in value) has[name] = value[name];
  if ('size' in value || 'preview' in value) { looks.box = null; layOut(); }
  if ('numbers' in value) drafts.numbers = value.numbers;
  if ('shapes' in value) drawShapes();
  if ('selected' in value) {
    if (value.selected && value.selected !== selected) {
      pointForAMoment();
      if (factor()) moveTo(middleOf(value.selected));
    }
    selected = value.selected;
    markSelected();
  }
  if ('sides' in value) { styleShapes(); markSelected(); }
  if ('left_out' in value && value.left_out.asked !== leftOutAsked) {
    leftOutAsked = value.left_out.asked;
    drawLeftOut(value.left_out.boxes);
    if (value.left_out.boxes.length) mode = 'areas';
  }
  if ('stale' in value) { stale.textContent = value.stale; stale.hidden = !value.stale; stage.classList.toggle('is-stale', Boolean(value.stale)); }
  if ('painted' in value) setPainted(value.painted, isOrder);
  if ('live' in value) value.live ? makeLive(value.live) : askForLive();
  else if ('result' in value && drafts.isBeyond) askForLive();
  if (value.look) Object.assign(looks, value.look);
  // a result that was asked for before the slider moved on is out of date: the drawn one stays
  if ('result' in value && !drafts.isMoved) {
    cancelAnimationFrame(drafts.frame);
    drafts.frame = 0;
    drafts.isShown = false;
  }
  if ('result' in value && !value.look) { looks.box = null; askForLook(); }
  draw();
}

// ---- painting ---------------------------------------------------------------------------------------
const bar = element.querySelector('.painter-bar');
let painter = null, painted = '';

function setPainted(mask, isOrder) {
  painted = mask;
  painter?.load(mask, isOrder);
}

function openPainter() {
  if (!has.preview) return;
  if (!painter) {
    painter = makePainter({
      host: element.querySelector('.painter-host'), bar, width: has.preview[0], height: has.preview[1],
      initial: painted,
      onDone: (mask) => { painted = mask; trigger('painted', {painted: mask}); },
    });
    painter.size = has.preview;
  } else if (String(painter.size) !== String(has.preview)) {
    painter.resize(...has.preview);
    painter.size = has.preview;
    painter.load(painted);
  }
  if (painter.isOpen) { painter.close(); return; }
  setZoom('fit');
  painter.open();
}
document.addEventListener('segui-paint', openPainter);

// ---- what the user does ------------------------------------------------------------------------------
for (const button of modes) {
  button.addEventListener('click', () => { mode = button.dataset.mode; draw(); });
}
for (const button of zooms) button.addEventListener('click', () => setZoom(button.dataset.zoom));
const press = (state) => () => { held = state; hold.setAttribute('aria-pressed', String(state)); draw(); };
hold.addEventListener('pointerdown', press(true));
for (const name of ['pointerup', 'pointerleave', 'pointercancel', 'blur']) {
  hold.addEventListener(name, press(false));
}
hold.addEventListener('keydown', (event) => {
  if (event.key === ' ' || event.key === 'Enter') { event.preventDefault(); press(true)(); }
});
hold.addEventListener('keyup', press(false));
divider.addEventListener('input', draw);
scroll.addEventListener('scroll', askForLook);
let pan = null, isDragged = false;
scroll.addEventListener('pointerdown', (event) => {
  isDragged = false;
  if (factor() && event.pointerType === 'mouse' && event.target !== divider) {
    pan = {x: event.clientX, y: event.clientY, left: scroll.scrollLeft, top: scroll.scrollTop};
  }
});
window.addEventListener('pointermove', (event) => {
  if (!pan) return;
  const right = event.clientX - pan.x, down = event.clientY - pan.y;
  isDragged ||= Math.hypot(right, down) > DRAG_PX;
  scroll.scrollLeft = pan.left - right;
  scroll.scrollTop = pan.top - down;
});
window.addEventListener('pointerup', () => { pan = null; });
new ResizeObserver(layOut).observe(scroll);
document.addEventListener('segui-draft', ({detail}) => takeDraft(detail));
document.addEventListener('segui-busy', ({detail}) => { busy.textContent = detail; });
watch('value', take);
take();
