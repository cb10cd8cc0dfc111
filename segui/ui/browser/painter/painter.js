// Painting a mask over the picture: `makePainter`.
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
//   painter.agree(mask)            the same, where all that was told has been heard: what was told
//                                  last is an echo, and nothing else is
//   painter.resize(width, height)  what is painted is scaled
//   painter.dispose()
//
// Points are [x, y] and boxes [x1, y1, x2, y2], in pixels of the mask: pixel 0 is from 0 to 1.
import {isSame, readMask} from './pixels.js';
import {makePointers} from './pointers.js';
import {HALF, makeSheet} from './sheet.js';
import {makeStrokes} from './strokes.js';
import {makeTools, meaningOf, MOST_PX} from './tools.js';
import {makeView} from './view.js';

const REST_MS = 400;
const MOST_TOLD = 16;  // so many masks may be on their way to be echoed
const KEY_STEP_PX = 4;
const KEY_LEAP_PX = 32;
const ARROWS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};

/**
 * @param {object} how
 * @param {HTMLElement} how.host
 * @param {HTMLElement} how.bar
 * @param {number} how.width
 * @param {number} how.height
 * @param {(mask: string) => void} how.onDone
 * @param {string} [how.initial]
 * @param {(isOpen: boolean) => void} [how.onToggle]
 */
export function makePainter({host, bar, width, height, onDone, initial = '', onToggle = () => {}}) {
  const ending = new AbortController(), {signal} = ending;
  const canvas = document.createElement('canvas'), ring = document.createElement('div');
  let sheet = makeSheet(width, height);
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
  const view = makeView(canvas, host, () => sheet);
  const strokes = makeStrokes(() => sheet, view);
  view.fit();

  // ---- telling
  function settle() {
    clearTimeout(timer);
    timer = setTimeout(tell, REST_MS);
    tools.allow({undo: sheet.canUndo(), redo: sheet.canRedo()});
  }
  function tell() {
    clearTimeout(timer);
    timer = 0;
    const mask = sheet.mask();
    if (isSame(mask, known.at(-1))) return;
    known = [...known, mask].slice(-MOST_TOLD);
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
  const tools = makeTools(bar, Math.min(MOST_PX, Math.max(8, Math.min(width, height) / 16)), {
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
  const pointers = makePointers(canvas, {
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
    const [right, down] = ARROWS[event.key];
    const far = event.shiftKey ? KEY_LEAP_PX : KEY_STEP_PX;
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
    const isArrow = event.key in ARROWS, isPaint = event.key === ' ' || event.key === 'Enter';
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
    const [what, how] = (isOpen && meaningOf(event)) || [];
    if (!what) return;
    event.preventDefault();
    event.stopPropagation();
    if (what === 'step') step(how);
    else if (what === 'tool') { tools.setTool(how); tools.say(`${how[0].toUpperCase()}${how.slice(1)}`); }
    else tools.setSize(Math.min(MOST_PX, size + how * Math.max(1, Math.round(size / 10))));
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
  async function take(uri, echoOf) {
    const mine = ++readings;
    const opacity = uri ? await readMask(uri, sheet.width, sheet.height) : null;
    if (mine !== readings || signal.aborted || (uri && !opacity)) return false;
    const mask = opacity?.some((value) => value >= HALF) ? opacity : null;
    const place = echoOf(mask);
    if (place >= 0) {
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
  // echoes come in the order of what was told: the first that fits leaves the later ones to come
  function load(uri, isOrder = false) {
    return take(uri, (mask) => isOrder ? -1 : known.findIndex((one) => isSame(mask, one)));
  }
  function agree(uri) {
    return take(uri, (mask) => isSame(mask, known.at(-1)) ? known.length - 1 : -1);
  }
  function resize(newWidth, newHeight) {
    if (newWidth === sheet.width && newHeight === sheet.height) return;
    if (strokes.isOn) drop();
    const old = sheet;
    sheet = makeSheet(newWidth, newHeight);
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
    open, close, clear, load, agree, resize,
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
