// The picture's frame: what its parts are, and what each of them does with what the server says.
import {makePan, zoomByGesture, zoomByPinch, zoomByWheel} from './gestures.js';
import {makeFinding} from './finding.js';
import {makeLive} from './live.js';
import {makeLooks} from './looks.js';
import {nothingYet, takeOver} from './news.js';
import {makeOutlines} from './outlines.js';
import {makePainting} from './painting.js';
import {partsOf} from './parts.js';
import {makePicture} from './picture.js';
import {makeZoom} from './zoom.js';

/** @typedef {import('./messages.js').FrameMessage} FrameMessage */

const INVITATION = 'Drop a photo here, or click to choose one.';

/**
 * What Gradio runs a script with. The component's value is not used: of two values at one moment a
 * script sees the last alone.
 * @param {object} gradio
 * @param {HTMLElement} gradio.element
 * @param {(name: string, data?: object) => void} gradio.trigger
 */
export function start({element, trigger}) {
  const parts = partsOf(element), has = nothingYet();
  const {scroll, outlines: paths, zooms, empty, stale, stage} = parts;
  const outlines = makeOutlines(parts, has);
  const zoom = makeZoom(parts, has, {
    layOut: () => outlines.thinOut(),
    move() { picture.draw(); looks.ask(); },
    jump() { looks.forget(); picture.draw(); looks.ask(); },
    focus() {
      const area = outlines.selected || has.numbers[0];
      return area ? outlines.middleOf(area) : null;
    },
  });
  const looks = makeLooks(parts, has, zoom, trigger);
  const live = makeLive(parts, has, {
    draw: () => picture.draw(),
    ask: () => trigger('live', {}),
    rest: () => trigger('rest', {look: looks.wanted(), drawn: live.isDrawn}),
  });
  const picture = makePicture(parts, has, live, looks);
  const painting = makePainting(parts, has, zoom, {
    open: () => zoom.choose('fit'),
    painted: (told) => trigger('painted', told),
    layer: (layer) => trigger('layer', {layer}),
  });
  const pan = makePan(parts, zoom);
  const finding = makeFinding(parts, has, zoom, (told) => trigger('mark', told), () => painting.isOpen);
  zoomByWheel(parts, zoom, () => painting.isOpen);
  zoomByPinch(parts, zoom);
  zoomByGesture(parts, zoom);
  const say = makeBusy(parts);

  // ---- what the server says ----------------------------------------------------------------------
  function layOut() {
    looks.forget();
    zoom.free();
    zoom.layOut();
  }

  function select() {
    if (outlines.select() && zoom.factor) zoom.moveTo(outlines.middleOf(has.selected));
  }

  function drawLeftOut(news) {
    outlines.drawLeftOut();
    if (news.has('left_out') && has.left_out.boxes.length) picture.showAreas();
  }

  function sayStale() {
    stale.textContent = has.stale;
    stale.hidden = !has.stale;
    stage.classList.toggle('is-stale', Boolean(has.stale));
  }

  // the way of pasting was changed: show what came of it
  function showPaste(news) {
    if (has.result && !news.has('photo') && !news.has('shapes')) picture.leaveAreas();
  }

  function takeResult(news) {
    if (news.has('result') || live.isFor(has.paste)) live.settle();
    if (!news.has('result')) return;
    if (live.isBeyond && !news.has('live')) live.ask();
    if (!news.has('look') || !has.look) { looks.forget(); looks.ask(); }
  }

  // In this order: what is laid out before what lies on it, the masks before what is drawn with them.
  /** @type {[string[], (news: Set<string>) => void][]} */
  const concerns = [
    [['paste'], showPaste],
    [['size', 'preview'], layOut],
    [['shapes'], () => outlines.draw()],
    [['selected'], select],
    [['sides', 'hand'], () => outlines.mark()],
    [['left_out', 'shapes'], drawLeftOut],
    [['stale'], sayStale],
    [['live'], () => live.take()],
    [['result', 'paste'], takeResult],
  ];

  let last = -Infinity;

  /** @param {FrameMessage} message */
  function take(message) {
    if (message.n <= last) return;  // it was overtaken
    last = message.n ?? last;
    if (message.draft) { moveTo(message.draft); return; }
    say(message);
    const isOtherPhoto = 'photo' in message && message.photo !== has.photo;
    // a page may be opened with none, which is no news
    if ('photo' in message && empty.textContent !== INVITATION) empty.textContent = INVITATION;
    const news = takeOver(has, message);
    if (isOtherPhoto) live.hide();
    for (const [names, act] of concerns) if (names.some((name) => news.has(name))) act(news);
    // with the same photo, what was painted may be one's own
    if (news.has('layers')) painting.takeLayers(has.layers);
    if (news.has('base')) painting.takeBase(has.base);
    if (news.has('painted')) painting.take(has.painted, isOtherPhoto || !('photo' in message));
    picture.draw();
    finding.draw();
  }

  function moveTo(draft) {
    picture.leaveAreas();
    live.move(draft);
  }

  // ---- what the user does ------------------------------------------------------------------------
  paths.addEventListener('click', (event) => {
    const path = pan.isDragged ? null : event.target.closest('[data-number]');
    if (path) trigger('select', {number: Number(path.dataset.number)});
  });
  empty.addEventListener('click', () => {
    if (!has.photo) document.querySelector('#open-photo')?.click();
  });
  for (const button of zooms) {
    button.addEventListener('click', () => zoom.choose(button.dataset.zoom));
  }
  scroll.addEventListener('scroll', () => looks.ask());
  document.addEventListener('segui-say', (event) => {
    if (event instanceof CustomEvent) take(event.detail);
  });
  /** @type {any} */ (window).segui.listen(take);  // see link.js
  document.addEventListener('segui-paint', (event) => {
    painting.toggle(event instanceof CustomEvent ? event.detail?.layer : undefined);
  });
  new ResizeObserver(() => zoom.layOut()).observe(scroll);
}

// What is being done. What the page says of itself is done with the next message; what the server
// says, when the server says so.
function makeBusy({busy}) {
  let ofPage = '', ofServer = '';
  busy.hidden = false;  // it is there before it says something, or nobody would read it out

  /** @param {FrameMessage} message */
  return function say(message) {
    const isServers = message.n !== undefined;
    if (isServers && 'busy' in message) ofServer = message.busy;
    ofPage = isServers ? '' : message.busy ?? '';
    const said = ofPage || ofServer;
    if (busy.textContent !== said) busy.textContent = said;  // else it would be read out again
  };
}
