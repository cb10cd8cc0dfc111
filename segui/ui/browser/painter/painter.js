// Painting a mask over the picture, or on the mask files: `makePainter`.
//
//   host           lies exactly over the shown picture;  bar   is where the tools go
//   width, height  of the mask, in pixels;  initial   data URI of a mask, or ''
//   onDone(mask, layer)
//                  a while after what was painted has changed, never during a stroke: data URI of a
//                  PNG, white where painted and black elsewhere; '' where nothing is painted. On a mask
//                  file, `layer` is its id, and what was not touched is transparent
//   onToggle(isOpen)    if given: the painter was opened or closed
//   onLayer(layer)      if given: that mask file is to be painted on, and its mask is wanted
//   strokesOf(layer)    if given: data URI of what was painted on a mask file, or ''
//   zoomBy(step, point) if given: a key asks for a larger picture, 1, a smaller one, -1, or all of it,
//                       0; the point, in shares of the picture, is to stay where it is
//   reveal(point)       if given: a point, in shares of the picture, is to be seen
//
//   painter.open(), painter.close(), painter.isOpen
//   painter.isEmpty                nothing is painted
//   painter.clear()                wipes it all, as the button does: it can be undone, and is told
//   painter.load(mask, isOrder)    shows another mask, or none for '', and tells nobody; a promise of
//                                  whether it could be read. What was told, or was there before that
//                                  and may still be on its way, is an echo: it takes away neither
//                                  newer strokes nor their undoing. An order is shown all the same
//   painter.agree(mask, layer)     the same, where all that was told has been heard: what was told
//                                  last is an echo, and nothing else is
//   painter.setLayers(layers)      the mask files, as {layer, name}
//   painter.choose(layer)          that one is painted on; '' is the mask of one's own
//   painter.setBase({layer, mask, trouble})   what lies below what is painted on a mask file
//   painter.resize(width, height)  what is painted is scaled
//   painter.dispose()
//
// Points are [x, y] and boxes [x1, y1, x2, y2], in pixels of the mask: pixel 0 is from 0 to 1.
import {filledFrom} from './fill.js';
import {makeLayer, makeSheets, OWN} from './layers.js';
import {makePointers} from './pointers.js';
import {makeStrokes} from './strokes.js';
import {LOOK, makeTools, meaningOf, MOST_PX} from './tools.js';
import {makeView} from './view.js';

const KEY_STEP_PX = 4;
const KEY_LEAP_PX = 32;
const ARROWS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};

/**
 * @param {object} how
 * @param {HTMLElement} how.host
 * @param {HTMLElement} how.bar
 * @param {number} how.width
 * @param {number} how.height
 * @param {(mask: string, layer: string) => void} how.onDone
 * @param {string} [how.initial]
 * @param {(isOpen: boolean) => void} [how.onToggle]
 * @param {(layer: string) => void} [how.onLayer]
 * @param {(layer: string) => string} [how.strokesOf]
 * @param {(step: number, point: [number, number]) => void} [how.zoomBy]
 * @param {(point: [number, number]) => void} [how.reveal]
 */
export function makePainter({
  host, bar, width, height, onDone, initial = '', onToggle = () => {}, onLayer = () => {},
  strokesOf = () => '', zoomBy = () => {}, reveal = () => {},
}) {
  const ending = new AbortController(), {signal} = ending;
  const canvas = document.createElement('canvas'), ring = document.createElement('div');
  let sheets = makeSheets(width, height);
  let isOpen = false, focusedBefore = null, isKeyStroke = false;
  let tool = 'brush', isErasing = false, size = 0, hardness = 100;
  let at = [width / 2, height / 2], lastEnd = null;
  // a key moves the picture while the pointer is over it, and paints while the keys move the brush
  let isPointed = false, movesPicture = false;

  canvas.className = 'painter-paint';
  canvas.tabIndex = 0;
  canvas.hidden = ring.hidden = true;
  canvas.setAttribute('role', 'application');
  canvas.setAttribute('aria-label', 'Painting area: arrow keys move the brush, Space paints');
  ring.className = 'painter-ring';
  ring.setAttribute('aria-hidden', 'true');
  host.append(canvas, ring);

  // ---- layers
  const own = layerOf(OWN);
  /** @type {Map<string, ReturnType<typeof makeLayer>>} those that were painted on, by their ids */
  const layers = new Map([[OWN, own]]);
  let files = [], layer = own;
  const sheetNow = () => layer.sheet;
  const view = makeView(canvas, host, sheetNow, {...LOOK});
  const strokes = makeStrokes(sheetNow, view);
  view.fit();

  function layerOf(id) {
    return makeLayer(id, sheets(id !== OWN), {
      told: onDone,
      before(of) { if (of === layer.id && strokes.isOn) drop(); },
      shown(of) {
        if (of !== layer.id) return;
        lastEnd = null;
        allow();
        view.redrawAll();
      },
    });
  }
  function choose(id) {
    if (id !== OWN && !files.some((file) => file.layer === id)) return;
    if (id !== layer.id) {
      if (strokes.isOn) end();
      layer.flush();
      lastEnd = null;
    }
    const isNew = !layers.has(id);
    if (isNew) layers.set(id, layerOf(id));
    layer = layers.get(id);
    if (isNew) layer.load(strokesOf(id), true);
    showLayers();
    tools.hinder(layer.sheet.isReady ? '' : 'Fetching the mask…');
    allow();
    view.redrawAll();
    if (id !== OWN) onLayer(id);
  }
  function showLayers() {
    const names = files.map(({layer: id, name}) => [id, name]);
    tools.setLayers([[OWN, 'a mask of your own'], ...names], layer.id);
  }
  function setLayers(given) {
    files = given;
    for (const [id, one] of layers) {
      if (id === OWN || files.some((file) => file.layer === id)) continue;
      if (one === layer) {
        if (strokes.isOn) drop();
        one.end();
        choose(OWN);
      }
      one.end();
      layers.delete(id);
    }
    showLayers();
  }
  async function setBase({layer: id, mask, trouble}) {
    const one = layers.get(id);
    if (!one) return;
    const isThere = Boolean(mask) && await one.lieOver(mask);
    if (id !== layer.id || signal.aborted) return;
    tools.hinder(isThere ? '' : `This mask cannot be painted on: ${trouble || 'it did not arrive'}`);
  }

  // ---- telling
  function allow() {
    tools.allow({undo: layer.sheet.canUndo(), redo: layer.sheet.canRedo()});
  }
  function settle() {
    layer.settle();
    allow();
  }

  // ---- strokes and steps
  function begin(points, isOther) {
    const erases = isOther || isErasing;
    if (!layer.sheet.isReady) return;
    layer.hold();
    if (tool === 'fill') fill(at, erases);
    else strokes.begin({points, size, hardness, tool, erases});
  }
  function fill(point, erases) {
    const sheet = layer.sheet, found = filledFrom(sheet.opacity(), sheet.width, sheet.height, point, erases);
    if (!found) {
      tools.say(erases ? 'Nothing is painted there' : 'It is painted there already');
      return;
    }
    sheet.keep();
    sheet.stamp(sheet.whole, found.opacity, erases);
    if (sheet.commit(found.box)) tools.say(erases ? 'Taken away' : 'Filled');
    view.redraw(found.box);
  }
  function end() {
    isKeyStroke = false;
    lastEnd = at;
    if (strokes.isOn) strokes.end();
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
      const box = layer.sheet[name]();
      if (!box) return;
      view.redraw(box);
      tools.say(name === 'undo' ? 'Undone' : 'Done again');
      settle();
    }
  }
  function clear() {
    const sheet = layer.sheet;
    if (!sheet.isReady) return;
    if (strokes.isOn) drop();
    sheet.keep();
    sheet.wipe();
    if (sheet.commit(sheet.whole)) tools.say('Cleared');
    view.redrawAll();
    settle();
  }

  // ---- the brush's ring
  function placeRing() {
    const sheet = layer.sheet;
    ring.style.left = `${100 * at[0] / sheet.width}%`;
    ring.style.top = `${100 * at[1] / sheet.height}%`;
    ring.style.width = `${100 * size / sheet.width}%`;
    ring.style.height = `${100 * size / sheet.height}%`;
    ring.classList.toggle('painter-ring-point', tool !== 'brush');
  }
  function moveRing(point) {
    at = point;
    ring.hidden = false;
    placeRing();
  }
  const tools = makeTools(bar, Math.min(MOST_PX, Math.max(8, Math.min(width, height) / 16)), {
    signal, step,
    size(px) { size = px; ring.hidden = !isOpen; placeRing(); },
    hardness(percent) { hardness = percent; },
    tool(name) { tool = name; placeRing(); },
    act(name) { isErasing = name === 'erase'; },
    look(changed) { view.setLook(changed); },
    layer: choose,
  });

  // ---- by hand
  function pointOf(event) {
    const {left, top, width: wide, height: tall} = canvas.getBoundingClientRect();
    return [(event.clientX - left) / Math.max(1, wide) * layer.sheet.width,
            (event.clientY - top) / Math.max(1, tall) * layer.sheet.height];
  }
  const shareOf = ([x, y]) => /** @type {[number, number]} */ ([x / layer.sheet.width, y / layer.sheet.height]);
  const pointers = makePointers(canvas, {
    isBusy: () => strokes.isOn,
    movesPicture(event) {
      const isMove = movesPicture || event.button === 1;
      if (isMove) ring.hidden = true;
      return isMove && event.pointerType !== 'touch';
    },
    begin(event, erases) {
      isPointed = event.pointerType !== 'touch';
      moveRing(pointOf(event));
      // the last point twice is a corner: what follows must not bend the straight line
      begin(event.shiftKey && lastEnd && tool === 'brush' ? [lastEnd, at, at] : [at], erases);
    },
    move(events) {
      for (const event of events) {
        const point = pointOf(event);
        if (point[0] === at[0] && point[1] === at[1]) continue;
        at = point;
        if (strokes.isOn) strokes.extend(point);
      }
      moveRing(at);
    },
    hover(event) {
      if (isKeyStroke || movesPicture) return;
      isPointed = event.pointerType !== 'touch';
      moveRing(pointOf(event));
    },
    end, drop,
    leave() {
      isPointed = false;
      if (!isKeyStroke) ring.hidden = true;
    },
  }, signal);

  // ---- by keys
  function moveByKey(event) {
    const [right, down] = ARROWS[event.key];
    const far = event.shiftKey ? KEY_LEAP_PX : KEY_STEP_PX, {sheet} = layer;
    isPointed = false;
    moveRing([Math.min(sheet.width, Math.max(0, at[0] + far * right)),
              Math.min(sheet.height, Math.max(0, at[1] + far * down))]);
    if (isKeyStroke && strokes.isOn) { strokes.extend(at); strokes.extend(at); }
    reveal(shareOf(at));
  }
  function paintByKey(event) {
    if (event.repeat || strokes.isOn) return;
    moveRing(at);
    isKeyStroke = true;
    begin([at], false);
    if (event.key === 'Enter') end();
  }
  function holdPicture(isHeld) {
    movesPicture = isHeld;
    canvas.classList.toggle('painter-moves', isHeld);
  }
  // wherever the focus is: a tool that was clicked keeps it
  function moveByHand(event) {
    if (event.key !== ' ' || !(isOpen && isPointed)) {
      isPointed &&= event.key !== 'Tab';
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    holdPicture(true);
  }
  function letGo(event) {
    if (event.key !== ' ' || !movesPicture) return;
    event.preventDefault();  // the button that has the focus is not meant
    holdPicture(false);
  }
  for (const place of [host, bar]) {
    place.addEventListener('keydown', moveByHand, {signal, capture: true});
    place.addEventListener('keyup', letGo, {signal, capture: true});
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
  canvas.addEventListener('blur', () => {
    holdPicture(false);
    if (isKeyStroke) end();
    ring.hidden = true;
  }, {signal});
  canvas.addEventListener('focus', () => moveRing(at), {signal});
  const say = (name) => tools.say(`${name[0].toUpperCase()}${name.slice(1)}`);
  function command(event) {
    const [what, how] = (isOpen && meaningOf(event)) || [];
    if (!what) return;
    event.preventDefault();
    event.stopPropagation();
    if (what === 'step') step(how);
    else if (what === 'zoom') zoomBy(how, shareOf(at));
    else if (what === 'tool') { tools.setTool(how); say(how); }
    else if (what === 'act') {
      // the same key again goes back
      const act = how === 'erase' && isErasing ? 'paint' : how;
      tools.setAct(act);
      say(act);
    } else tools.setSize(Math.min(MOST_PX, size + how * Math.max(1, Math.round(size / 10))));
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
    holdPicture(false);
    show(false);
    layer.flush();
    if (focusedBefore?.isConnected) focusedBefore.focus({preventScroll: true});
    onToggle(false);
  }
  const resized = new ResizeObserver(() => { if (isOpen) view.redrawAll(); });
  resized.observe(host);

  // ---- other masks, other sizes
  function resize(newWidth, newHeight) {
    const old = own.sheet;
    if (newWidth === old.width && newHeight === old.height) return;
    if (strokes.isOn) drop();
    sheets = makeSheets(newWidth, newHeight);
    own.moveTo(sheets(false));
    // what was painted on a file is at hand where it is painted on again
    for (const [id, one] of layers) if (id !== OWN) { one.end(); layers.delete(id); }
    at = [at[0] * newWidth / old.width, at[1] * newHeight / old.height];
    lastEnd = null;
    layer = own;
    showLayers();
    tools.hinder('');
    allow();
    view.fit();
    view.redrawAll();
    placeRing();
  }

  bar.hidden = true;
  showLayers();
  allow();
  own.load(initial);
  return {
    open, close, clear, choose, setLayers, setBase, resize,
    load: (mask, isOrder = false) => own.load(mask, isOrder),
    agree: async (mask, id = OWN) => Boolean(await layers.get(id)?.agree(mask)),
    get isOpen() { return isOpen; },
    get layer() { return layer.id; },
    get isEmpty() { return layer.sheet.content() === null; },
    dispose() {
      ending.abort();
      resized.disconnect();
      view.stop();
      for (const one of layers.values()) one.end();
      show(false);
      canvas.remove();
      ring.remove();
      bar.replaceChildren();
    },
  };
}
