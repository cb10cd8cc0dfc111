// Painting a mask over the picture: `makePainter`, and what it needs.
//
//   host           lies exactly over the shown picture;  bar   is where the tools go
//   width, height  of the mask, in pixels;  initial   data URI of a mask, or ''
//   onDone(mask)   a while after what was painted has changed, never during a stroke: data URI of a
//                  PNG, white where painted and black elsewhere; '' where nothing is painted
//   onToggle(isOpen)   if given: the painter was opened or closed
//
//   painter.open(), painter.close(), painter.isOpen
//   painter.isEmpty                nothing is painted
//   painter.clear()                wipes it all, as the button does: it can be undone, and is told
//   painter.load(mask, isOrder)    shows another mask, or none for '', and tells nobody; a promise of
//                                  whether it could be read. What was told, or was there before that
//                                  and may still be on its way, is an echo: it takes away neither
//                                  newer strokes nor their undoing. An order is shown all the same
//   painter.resize(width, height)  what is painted is scaled
//   painter.dispose()
//
// Points are [x, y] and boxes [x1, y1, x2, y2], in pixels of the mask: pixel 0 is from 0 to 1.

const PAINTER_REST_MS = 400;
const PAINTER_LEAST_STEPS = 20;         // so many can be undone, however large they are
const PAINTER_HISTORY_BYTES = 2 ** 25;  // and more while they are small
const PAINTER_MOST_STEPS = 200;
const PAINTER_MOST_TOLD = 16;           // so many masks may be on their way to be echoed
const PAINTER_HALF = 128;               // a pixel that is painted by less is not selected
const PAINTER_MOST_PX = 200;
const PAINTER_PINCH_PX = 24;            // a finger that went further on the screen did paint
const PAINTER_KEY_STEP_PX = 4;
const PAINTER_KEY_LEAP_PX = 32;
const PAINTER_TINT = [13, 148, 136];
const PAINTER_TINT_OPACITY = 0.45;
// round what is painted: a bright line and a dark one, so that one of them shows on any photo
const PAINTER_LINES = [['rgb(15, 23, 42)', 2], ['rgb(255, 255, 255)', 1]];

const PAINTER_BAR = `
  <div class="painter-tools" role="group" aria-label="Tool">
    <button type="button" data-tool="brush" aria-keyshortcuts="B" title="Paints (B)">Brush</button>
    <button type="button" data-tool="eraser" aria-keyshortcuts="E"
            title="Takes away (E, or the right mouse button)">Eraser</button>
    <button type="button" data-tool="outline" aria-keyshortcuts="O"
            title="Draw round something: what is inside is filled (O)">Outline</button>
  </div>
  <label class="painter-size"><span>Size</span>
    <input type="range" min="1" max="${PAINTER_MOST_PX}" step="1" aria-label="Brush size"
           aria-keyshortcuts="[ ]" title="[ and ] change it">
    <output></output>
  </label>
  <div class="painter-steps" role="group" aria-label="Steps">
    <button type="button" data-step="undo" aria-keyshortcuts="Control+Z" title="Ctrl+Z">Undo</button>
    <button type="button" data-step="redo" aria-keyshortcuts="Control+Shift+Z"
            title="Ctrl+Shift+Z">Redo</button>
    <button type="button" data-step="clear">Clear</button>
  </div>
  <button type="button" class="painter-done" data-step="done" aria-keyshortcuts="Escape"
          title="Escape">Done</button>
  <p class="painter-hint">Paint over what you mean. Right button: erase. Shift+click: straight line.</p>
  <p class="painter-notice" role="alert" hidden>This browser keeps pages from reading what is drawn, so
    nothing painted can be used: allow it for this page, or give a mask file.</p>
  <p class="painter-said" role="status"></p>`;

// ---- boxes and lines -----------------------------------------------------------------------------
function painterBoxRound(points, reach, width, height) {
  const xs = points.map((point) => point[0]), ys = points.map((point) => point[1]);
  const least = (values) => values.reduce((one, other) => Math.min(one, other));
  const most = (values) => values.reduce((one, other) => Math.max(one, other));
  const box = [Math.max(0, Math.floor(least(xs) - reach)), Math.max(0, Math.floor(least(ys) - reach)),
               Math.min(width, Math.ceil(most(xs) + reach)), Math.min(height, Math.ceil(most(ys) + reach))];
  return box[0] < box[2] && box[1] < box[3] ? box : null;
}

function painterUnion(one, other) {
  if (!one || !other) return one ?? other;
  return [Math.min(one[0], other[0]), Math.min(one[1], other[1]),
          Math.max(one[2], other[2]), Math.max(one[3], other[3])];
}

function painterMiddle(one, other) {
  return [(one[0] + other[0]) / 2, (one[1] + other[1]) / 2];
}

// The line bends at its points and runs through the middles between them. A point given twice is a corner.
function painterTrace(pen, points, from = 1, isWhole = true) {
  pen.moveTo(...(from === 1 ? points[0] : painterMiddle(points[from - 1], points[from])));
  for (let at = from; at < points.length - 1; at++) {
    pen.quadraticCurveTo(...points[at], ...painterMiddle(points[at], points[at + 1]));
  }
  if (isWhole) pen.lineTo(...points[points.length - 1]);
}

function painterDrawLine(pen, stroke, from, isWhole) {
  const {points, size} = stroke;
  pen.globalCompositeOperation = stroke.erases ? 'destination-out' : 'source-over';
  pen.lineWidth = size;
  pen.lineCap = pen.lineJoin = 'round';
  pen.beginPath();
  if (points.every(([x, y]) => x === points[0][0] && y === points[0][1])) {
    pen.arc(...points[0], size / 2, 0, 2 * Math.PI);  // a line without length need not have caps
    pen.fill();
  } else {
    painterTrace(pen, points, from, isWhole);
    pen.stroke();
  }
  pen.globalCompositeOperation = 'source-over';
}

function painterFill(pen, stroke) {
  pen.globalCompositeOperation = stroke.erases ? 'destination-out' : 'source-over';
  pen.beginPath();
  painterTrace(pen, stroke.points);
  pen.fill();
  pen.globalCompositeOperation = 'source-over';
}

// ---- the mask, and what was there before ---------------------------------------------------------
function painterPen(width, height, canvas = document.createElement('canvas')) {
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext('2d', {willReadFrequently: true});
  pen.fillStyle = pen.strokeStyle = `rgb(${PAINTER_TINT})`;
  return pen;
}

function painterCanRead() {
  const pen = painterPen(8, 8);
  pen.fillRect(0, 0, 8, 8);
  const expected = [...PAINTER_TINT, 255];
  return pen.getImageData(0, 0, 8, 8).data.every((value, at) => value === expected[at % 4]);
}

// One of each pixel's four values. Plain loops: there are a million pixels.
function painterChannel(pen, [x1, y1, x2, y2], channel) {
  const {data} = pen.getImageData(x1, y1, x2 - x1, y2 - y1);
  const values = new Uint8Array(data.length / 4);
  for (let at = 0; at < values.length; at++) values[at] = data[4 * at + channel];
  return values;
}

function painterOpacity(pen, box) {
  return painterChannel(pen, box, 3);
}

function painterPutOpacity(pen, [x1, y1, x2, y2], opacity) {
  const image = new ImageData(x2 - x1, y2 - y1);
  const [red, green, blue] = PAINTER_TINT;
  for (let at = 0; at < opacity.length; at++) {
    image.data[4 * at] = red;
    image.data[4 * at + 1] = green;
    image.data[4 * at + 2] = blue;
    image.data[4 * at + 3] = opacity[at];
  }
  pen.putImageData(image, x1, y1);
}

function painterIsSame(one, other) {
  if (!one || !other) return one === other;
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false;
  return true;
}

function painterSheet(width, height) {
  const now = painterPen(width, height), kept = painterPen(width, height), spare = painterPen(width, height);
  const whole = [0, 0, width, height], back = [], forth = [];
  const copy = (from, to, [x1, y1, x2, y2]) => {
    const box = [x1, y1, x2 - x1, y2 - y1];
    to.clearRect(...box);
    to.drawImage(from.canvas, ...box, ...box);
  };
  const remember = (step) => {
    back.push(step);
    forth.length = 0;
    const size = () => back.reduce((sum, one) => sum + one.opacity.length, 0);
    while (back.length > PAINTER_LEAST_STEPS
      && (back.length > PAINTER_MOST_STEPS || size() > PAINTER_HISTORY_BYTES)) back.shift();
  };
  const swap = (from, to) => {
    const step = from.pop();
    if (!step) return null;
    to.push({box: step.box, opacity: painterOpacity(now, step.box)});
    painterPutOpacity(now, step.box, step.opacity);
    return step.box;
  };
  return {
    width, height, whole, pen: now, canvas: now.canvas, spare,
    keep() { copy(now, kept, whole); },
    restore(box) { if (box) copy(kept, now, box); },
    // whether anything is different since `keep`; then it can be undone
    commit(box) {
      if (!box) return false;
      const opacity = painterOpacity(kept, box);
      if (painterIsSame(opacity, painterOpacity(now, box))) return false;
      remember({box, opacity});
      return true;
    },
    undo: () => swap(back, forth),
    redo: () => swap(forth, back),
    canUndo: () => back.length > 0,
    canRedo: () => forth.length > 0,
    wipe() { now.clearRect(...whole); },
    // each pixel's opacity, 0..255; null where nothing is painted
    mask() {
      const opacity = painterOpacity(now, whole);
      return opacity.some((value) => value >= PAINTER_HALF) ? opacity : null;
    },
    start(opacity) {
      back.length = forth.length = 0;
      if (opacity) painterPutOpacity(now, whole, opacity);
      else now.clearRect(...whole);
    },
    asPicture() {
      copy(now, spare, whole);
      painterCover(spare, 'source-in', 'white', whole);
      painterCover(spare, 'destination-over', 'black', whole);
      return spare.canvas.toDataURL('image/png');
    },
  };
}

function painterCover(pen, how, colour, [x1, y1, x2, y2]) {
  pen.save();
  pen.globalCompositeOperation = how;
  pen.fillStyle = colour;
  pen.fillRect(x1, y1, x2 - x1, y2 - y1);
  pen.restore();
}

// The opacity that a mask's data URI means at a size; null where it cannot be read.
async function painterRead(uri, width, height) {
  const image = new Image();
  image.src = uri;
  try {
    await image.decode();
  } catch (error) {
    return null;
  }
  const pen = painterPen(width, height);
  painterCover(pen, 'source-over', 'black', [0, 0, width, height]);
  pen.drawImage(image, 0, 0, width, height);
  return painterChannel(pen, [0, 0, width, height], 0);
}

// ---- how it looks over the photo -----------------------------------------------------------------
function painterInside(pen, [x1, y1, x2, y2], draw) {
  pen.save();
  pen.beginPath();
  pen.rect(x1, y1, x2 - x1, y2 - y1);
  pen.clip();
  draw();
  pen.restore();
}

// `unit` is how many pixels of the mask one pixel of the screen is.
function painterShow(view, sheet, box, unit) {
  const {spare, canvas} = sheet;
  painterInside(view, box, () => {
    view.clearRect(...sheet.whole);
    for (const [colour, reach] of PAINTER_LINES) {
      painterInside(spare, box, () => {
        spare.clearRect(...sheet.whole);
        for (let turn = 0; turn < 8; turn++) {
          const angle = turn * Math.PI / 4, far = reach * unit;
          spare.drawImage(canvas, far * Math.cos(angle), far * Math.sin(angle));
        }
        painterCover(spare, 'source-in', colour, sheet.whole);
      });
      view.drawImage(spare.canvas, 0, 0);
    }
    view.globalCompositeOperation = 'destination-out';
    view.drawImage(canvas, 0, 0);
    view.globalCompositeOperation = 'source-over';
    view.globalAlpha = PAINTER_TINT_OPACITY;
    view.drawImage(canvas, 0, 0);
  });
}

function painterShowOutline(view, points, unit) {
  view.save();
  view.lineJoin = view.lineCap = 'round';
  for (const [colour, thick, dash] of [['rgb(15, 23, 42)', 3.5, []], ['white', 1.5, [6, 4]]]) {
    view.strokeStyle = colour;
    view.lineWidth = thick * unit;
    view.setLineDash(dash.map((length) => length * unit));
    view.beginPath();
    painterTrace(view, points);
    view.closePath();
    view.stroke();
  }
  view.restore();
}

// Draws what has changed, once a frame.
function painterView(canvas, host, sheetNow) {
  let view = null, stale = null, outline = null, frame = 0;
  const unit = () => sheetNow().width / Math.max(1, host.clientWidth);
  const paint = () => {
    frame = 0;
    const sheet = sheetNow(), reach = 4 * unit();
    if (outline) stale = painterUnion(stale, painterBoxRound(outline, 0, sheet.width, sheet.height));
    if (!stale) return;
    const [x1, y1, x2, y2] = stale;
    const box = painterBoxRound([[x1, y1], [x2, y2]], reach, sheet.width, sheet.height);
    stale = null;
    painterShow(view, sheet, box, unit());
    if (outline) painterShowOutline(view, outline, unit());
  };
  const ask = () => { frame ||= requestAnimationFrame(paint); };
  return {
    fit() { view = painterPen(sheetNow().width, sheetNow().height, canvas); },
    redraw(box) { if (box) { stale = painterUnion(stale, box); ask(); } },
    redrawAll() { stale = sheetNow().whole; ask(); },
    setOutline(points) {
      const {width, height} = sheetNow();
      if (outline && !points) stale = painterUnion(stale, painterBoxRound(outline, 0, width, height));
      outline = points;
      ask();
    },
    stop() { cancelAnimationFrame(frame); },
  };
}

// ---- strokes ---------------------------------------------------------------------------------------
// One stroke at a time: `begin`, `extend` as often as wanted, then `end` or `drop`.
function painterStrokes(sheetNow, view) {
  let stroke = null;
  const boxOf = (points) => {
    const {width, height} = sheetNow();
    return painterBoxRound(points, stroke.fills ? 1 : stroke.size / 2 + 1, width, height);
  };
  const draw = (from, touched) => {
    painterDrawLine(sheetNow().pen, stroke, from, false);
    const box = boxOf(touched);
    stroke.box = painterUnion(stroke.box, box);
    view.redraw(box);
  };
  const take = () => {
    const done = stroke;
    stroke = null;
    if (done.fills) view.setOutline(null);
    return done;
  };
  return {
    get isOn() { return stroke !== null; },
    begin({points, size, tool, erases}) {
      sheetNow().keep();
      stroke = {points: [], size, erases, fills: tool === 'outline', box: null};
      for (const point of points) this.extend(point);
    },
    extend(point) {
      const {points} = stroke;
      points.push(point);
      if (stroke.fills) { view.setOutline(points); return; }
      const count = points.length;
      if (count === 1) draw(1, points);
      else if (count > 2) draw(count - 2, points.slice(-3));
    },
    // whether that changed anything
    end() {
      const whole = boxOf(stroke.points), {box, points, fills} = stroke, sheet = sheetNow();
      // piece by piece its edge was drawn twice where pieces meet: once more, as one line
      sheet.restore(box);
      if (!fills) painterDrawLine(sheet.pen, stroke, 1, true);
      else if (points.length > 2) painterFill(sheet.pen, stroke);
      take();
      view.redraw(whole);
      return sheet.commit(whole);
    },
    drop() {
      if (!stroke) return;
      const {box} = take();
      sheetNow().restore(box);
      view.redraw(box);
    },
  };
}

// ---- the tools ---------------------------------------------------------------------------------------
function painterTools(bar, size, on) {
  bar.classList.add('painter-bar');
  bar.innerHTML = PAINTER_BAR;
  const part = (name) => bar.querySelector(name);
  const range = part('input'), shown = part('output'), said = part('.painter-said');
  const setSize = (px) => {
    range.value = String(Math.round(px));
    shown.textContent = `${range.value} px`;
    range.setAttribute('aria-valuetext', `${range.value} pixels`);
    on.size(Number(range.value));
  };
  const setTool = (name) => {
    for (const button of bar.querySelectorAll('[data-tool]')) {
      button.setAttribute('aria-pressed', String(button.dataset.tool === name));
    }
    on.tool(name);
  };
  bar.addEventListener('click', (event) => {
    const button = event.target.closest('button');
    if (!button || button.getAttribute('aria-disabled') === 'true') return;
    if (button.dataset.tool) setTool(button.dataset.tool);
    else on.step(button.dataset.step);
  }, {signal: on.signal});
  range.addEventListener('input', () => setSize(Number(range.value)), {signal: on.signal});
  part('.painter-notice').hidden = painterCanRead();
  setTool('brush');
  setSize(size);
  return {
    setSize, setTool,
    say(text) { said.textContent = text; },
    // a button that goes dead under the finger keeps the focus, so it is not `disabled`
    allow(names) {
      for (const [name, isAllowed] of Object.entries(names)) {
        part(`[data-step="${name}"]`).setAttribute('aria-disabled', String(!isAllowed));
      }
    },
  };
}

const PAINTER_ARROWS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};

// What a key asks for, as [what, how]; null where it means nothing here.
function painterKey(event) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.ctrlKey || event.metaKey) {
    if (event.altKey) return null;
    if (key === 'z') return ['step', event.shiftKey ? 'redo' : 'undo'];
    return key === 'y' ? ['step', 'redo'] : null;
  }
  if (event.altKey) return null;
  const tool = {b: 'brush', e: 'eraser', o: 'outline'}[key];
  if (tool) return ['tool', tool];
  if (key === '[' || key === ']') return ['size', key === ']' ? 1 : -1];
  return key === 'Escape' ? ['step', 'done'] : null;
}

// ---- fingers, pens and mice --------------------------------------------------------------------------
// `to` has begin(event, erases), move(events), hover(event), end(), drop(), leave() and isBusy().
function painterPointers(canvas, to, signal) {
  const fingers = new Set();
  let active = null, isPinch = false;
  const on = (name, react) => canvas.addEventListener(name, react, {signal});
  const finish = (isDropped) => {
    if (!active) return;
    active = null;
    if (isDropped) to.drop();
    else to.end();
  };
  const erases = (event) => event.button === 2 || event.button === 5;
  on('pointerdown', (event) => {
    event.stopPropagation();  // the frame below would move the picture
    event.preventDefault();
    if (event.pointerType === 'touch') {
      fingers.add(event.pointerId);
      if (fingers.size > 1 && active?.type !== 'pen') {
        isPinch = true;
        finish(active && active.travel < PAINTER_PINCH_PX);
      }
    }
    if (active || isPinch || to.isBusy() || ![0, 2, 5].includes(event.button)) return;
    active = {id: event.pointerId, type: event.pointerType, travel: 0, from: [event.clientX, event.clientY]};
    canvas.setPointerCapture(event.pointerId);
    canvas.focus({preventScroll: true});
    to.begin(event, erases(event));
  });
  on('pointermove', (event) => {
    if (!active) { to.hover(event); return; }
    if (event.pointerId !== active.id) return;
    const [x, y] = active.from;
    active.travel = Math.max(active.travel, Math.hypot(event.clientX - x, event.clientY - y));
    const all = event.getCoalescedEvents?.() ?? [];
    to.move(all.length ? all : [event]);
  });
  const lift = (isCancelled) => (event) => {
    fingers.delete(event.pointerId);
    if (event.pointerId === active?.id) finish(isCancelled && active.type === 'touch');
    if (!fingers.size) isPinch = false;
    if (event.pointerType === 'touch') to.leave();
  };
  on('pointerup', lift(false));
  on('pointercancel', lift(true));
  on('lostpointercapture', (event) => { if (event.pointerId === active?.id) finish(false); });
  on('pointerleave', () => { if (!active) to.leave(); });
  on('contextmenu', (event) => event.preventDefault());
  return {
    get isOn() { return active !== null; },
    stop() { finish(false); fingers.clear(); isPinch = false; },
    forget() { active = null; },
  };
}

// ---- all of it ---------------------------------------------------------------------------------------
function makePainter({host, bar, width, height, onDone, initial = '', onToggle = () => {}}) {
  const ending = new AbortController(), {signal} = ending;
  const canvas = document.createElement('canvas'), ring = document.createElement('div');
  let sheet = painterSheet(width, height);
  // what was shown or echoed last, and whatever was told since then
  let known = [null];
  let isOpen = false, timer = 0, readings = 0, focusedBefore = null, isKeyStroke = false;
  let tool = 'brush', size = 0, at = [width / 2, height / 2], lastEnd = null;

  canvas.className = 'painter-paint';
  canvas.tabIndex = 0;
  canvas.hidden = ring.hidden = true;
  canvas.setAttribute('role', 'application');
  canvas.setAttribute('aria-label', 'Painting area: arrow keys move the brush, Space paints');
  ring.className = 'painter-ring';
  ring.setAttribute('aria-hidden', 'true');
  host.append(canvas, ring);
  const view = painterView(canvas, host, () => sheet);
  const strokes = painterStrokes(() => sheet, view);
  view.fit();

  // ---- telling
  function settle() {
    clearTimeout(timer);
    timer = setTimeout(tell, PAINTER_REST_MS);
    tools.allow({undo: sheet.canUndo(), redo: sheet.canRedo()});
  }
  function tell() {
    clearTimeout(timer);
    timer = 0;
    const mask = sheet.mask();
    if (painterIsSame(mask, known.at(-1))) return;
    known = [...known, mask].slice(-PAINTER_MOST_TOLD);
    onDone(mask ? sheet.asPicture() : '');
  }

  // ---- strokes and steps
  function begin(points, erases) {
    clearTimeout(timer);
    strokes.begin({points, size, tool, erases: erases || tool === 'eraser'});
  }
  function end() {
    isKeyStroke = false;
    lastEnd = at;
    strokes.end();
    settle();
  }
  function drop() {
    isKeyStroke = false;
    strokes.drop();
    pointers.forget();
    settle();
  }
  function step(name) {
    if (name === 'done') { close(); return; }
    if (strokes.isOn) return;
    if (name === 'clear') clear();
    else {
      const box = sheet[name]();
      if (!box) return;
      view.redraw(box);
      tools.say(name === 'undo' ? 'Undone' : 'Done again');
      settle();
    }
  }
  function clear() {
    if (strokes.isOn) drop();
    sheet.keep();
    sheet.wipe();
    if (sheet.commit(sheet.whole)) tools.say('Cleared');
    view.redrawAll();
    settle();
  }

  // ---- the brush's ring
  function placeRing() {
    ring.style.left = `${100 * at[0] / sheet.width}%`;
    ring.style.top = `${100 * at[1] / sheet.height}%`;
    ring.style.width = `${100 * size / sheet.width}%`;
    ring.style.height = `${100 * size / sheet.height}%`;
    ring.classList.toggle('painter-ring-point', tool === 'outline');
  }
  function moveRing(point) {
    at = point;
    ring.hidden = false;
    placeRing();
  }
  const tools = painterTools(bar, Math.min(PAINTER_MOST_PX, Math.max(8, Math.min(width, height) / 16)), {
    signal, step,
    size(px) { size = px; ring.hidden = !isOpen; placeRing(); },
    tool(name) { tool = name; placeRing(); },
  });

  // ---- by hand
  function pointOf(event) {
    const {left, top, width: wide, height: tall} = canvas.getBoundingClientRect();
    return [(event.clientX - left) / Math.max(1, wide) * sheet.width,
            (event.clientY - top) / Math.max(1, tall) * sheet.height];
  }
  const pointers = painterPointers(canvas, {
    isBusy: () => strokes.isOn,
    begin(event, erases) {
      moveRing(pointOf(event));
      // the last point twice is a corner: what follows must not bend the straight line
      begin(event.shiftKey && lastEnd && tool !== 'outline' ? [lastEnd, at, at] : [at], erases);
    },
    move(events) {
      for (const event of events) {
        const point = pointOf(event);
        if (point[0] === at[0] && point[1] === at[1]) continue;
        at = point;
        strokes.extend(point);
      }
      moveRing(at);
    },
    hover(event) { if (!isKeyStroke) moveRing(pointOf(event)); },
    end, drop,
    leave() { if (!isKeyStroke) ring.hidden = true; },
  }, signal);

  // ---- by keys
  function moveByKey(event) {
    const [right, down] = PAINTER_ARROWS[event.key];
    const far = event.shiftKey ? PAINTER_KEY_LEAP_PX : PAINTER_KEY_STEP_PX;
    moveRing([Math.min(sheet.width, Math.max(0, at[0] + far * right)),
              Math.min(sheet.height, Math.max(0, at[1] + far * down))]);
    if (isKeyStroke) { strokes.extend(at); strokes.extend(at); }
  }
  function paintByKey(event) {
    if (event.repeat || strokes.isOn) return;
    moveRing(at);
    isKeyStroke = true;
    begin([at], false);
    if (event.key === 'Enter') end();
  }
  canvas.addEventListener('keydown', (event) => {
    const isArrow = event.key in PAINTER_ARROWS, isPaint = event.key === ' ' || event.key === 'Enter';
    if (!(isArrow || isPaint) || event.ctrlKey || event.metaKey || event.altKey || pointers.isOn) return;
    event.preventDefault();
    event.stopPropagation();
    if (isArrow) moveByKey(event);
    else paintByKey(event);
  }, {signal});
  canvas.addEventListener('keyup', (event) => {
    if (event.key === ' ' && isKeyStroke) end();
  }, {signal});
  canvas.addEventListener('blur', () => { if (isKeyStroke) end(); ring.hidden = true; }, {signal});
  canvas.addEventListener('focus', () => moveRing(at), {signal});
  function command(event) {
    const [what, how] = (isOpen && painterKey(event)) || [];
    if (!what) return;
    event.preventDefault();
    event.stopPropagation();
    if (what === 'step') step(how);
    else if (what === 'tool') { tools.setTool(how); tools.say(`${how[0].toUpperCase()}${how.slice(1)}`); }
    else tools.setSize(Math.min(PAINTER_MOST_PX, size + how * Math.max(1, Math.round(size / 10))));
  }
  for (const place of [host, bar]) place.addEventListener('keydown', command, {signal});

  // ---- open and closed
  function show(isShown) {
    isOpen = isShown;
    canvas.hidden = bar.hidden = !isShown;
    ring.hidden = true;
    host.classList.toggle('painter-open-host', isShown);
    host.closest('.viewer')?.classList.toggle('painter-open', isShown);
  }
  function open() {
    if (isOpen) return;
    focusedBefore = document.activeElement;
    show(true);
    view.redrawAll();
    canvas.focus({preventScroll: true});
    onToggle(true);
  }
  function close() {
    if (!isOpen) return;
    if (isKeyStroke) end();
    pointers.stop();
    show(false);
    if (timer) tell();
    if (focusedBefore?.isConnected) focusedBefore.focus({preventScroll: true});
    onToggle(false);
  }
  const resized = new ResizeObserver(() => { if (isOpen) view.redrawAll(); });
  resized.observe(host);

  // ---- other masks, other sizes
  async function load(uri, isOrder = false) {
    const mine = ++readings;
    const opacity = uri ? await painterRead(uri, sheet.width, sheet.height) : null;
    if (mine !== readings || signal.aborted || (uri && !opacity)) return false;
    const mask = opacity?.some((value) => value >= PAINTER_HALF) ? opacity : null;
    // echoes come in the order of what was told: the first that fits leaves the later ones to come
    const place = known.findIndex((one) => painterIsSame(mask, one));
    if (place >= 0 && !isOrder) {
      known = known.slice(place);
      return true;
    }
    if (strokes.isOn) drop();
    clearTimeout(timer);
    timer = 0;
    sheet.start(mask);
    known = [mask];
    lastEnd = null;
    tools.allow({undo: false, redo: false});
    view.redrawAll();
    return true;
  }
  function resize(newWidth, newHeight) {
    if (newWidth === sheet.width && newHeight === sheet.height) return;
    if (strokes.isOn) drop();
    const old = sheet;
    sheet = painterSheet(newWidth, newHeight);
    sheet.pen.drawImage(old.canvas, 0, 0, newWidth, newHeight);
    at = [at[0] * newWidth / old.width, at[1] * newHeight / old.height];
    lastEnd = null;
    readings++;
    known = timer ? [] : [sheet.mask()];  // the same mask: nothing to tell
    tools.allow({undo: false, redo: false});
    view.fit();
    view.redrawAll();
    placeRing();
  }

  bar.hidden = true;
  tools.allow({undo: false, redo: false});
  load(initial);
  return {
    open, close, clear, load, resize,
    get isOpen() { return isOpen; },
    get isEmpty() { return sheet.mask() === null; },
    dispose() {
      ending.abort();
      resized.disconnect();
      view.stop();
      clearTimeout(timer);
      show(false);
      canvas.remove();
      ring.remove();
      bar.replaceChildren();
    },
  };
}
