// What a pointer does to the picture beside clicking: it moves it, and zooms.

const DRAG_PX = 4;  // a pointer that went further has moved the picture: that is no click
const WHEEL_PX = 100;   // by so much a wheel turns for a factor of e
const TURN_PX = 30;     // a wheel with notches turns further at once than an eye can follow
const LINE_PX = 16;     // some browsers count in lines

/** @typedef {ReturnType<typeof import('./parts.js').partsOf>} Parts */
/** @typedef {ReturnType<typeof import('./zoom.js').makeZoom>} Zoom */

/**
 * @param {Parts} parts
 * @param {Zoom} zoom
 */
export function makePan({scroll, divider}, zoom) {
  let pan = null, isDragged = false;

  scroll.addEventListener('pointerdown', (event) => {
    isDragged = false;
    if (zoom.factor && event.pointerType !== 'touch' && event.target !== divider) {
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

  return {get isDragged() { return isDragged; }};
}

/**
 * A wheel turned while Ctrl is held, which is also how browsers tell of two fingers on a trackpad.
 * @param {Parts} parts
 * @param {Zoom} zoom
 * @param {() => boolean} isAlone whether the wheel alone does: with Shift, it moves the picture then
 */
export function zoomByWheel({stage}, zoom, isAlone) {
  stage.addEventListener('wheel', (event) => {
    const isZoom = event.ctrlKey || (isAlone() && !event.shiftKey);
    if (!isZoom || !zoom.isPossible) return;
    event.preventDefault();  // the page would zoom
    const px = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PX : 1);
    const turn = Math.min(TURN_PX, Math.max(-TURN_PX, px));
    const {clientX: x, clientY: y} = event;
    zoom.hold(zoom.pointAt(x, y), x, y, zoom.seenAt() * Math.exp(-turn / WHEEL_PX));
  }, {passive: false});
}

const apart = (one, other) => Math.max(1, Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY));
/** @returns {[number, number]} */
const between = (one, other) => [(one.clientX + other.clientX) / 2, (one.clientY + other.clientY) / 2];

/**
 * Two fingers on the screen: what lies between them stays there.
 * @param {Parts} parts
 * @param {Zoom} zoom
 */
export function zoomByPinch({stage}, zoom) {
  let pinch = null;
  const fingersOf = ({touches}) => [...touches].filter((one) => stage.contains(one.target));
  stage.addEventListener('touchstart', (event) => {
    const [one, other, third] = fingersOf(event);
    pinch = null;
    if (!other || third || !zoom.isPossible) return;
    event.preventDefault();
    const point = zoom.pointAt(...between(one, other));
    pinch = {point, apart: apart(one, other), factor: zoom.seenAt()};
  }, {passive: false});
  stage.addEventListener('touchmove', (event) => {
    if (!pinch) return;
    event.preventDefault();
    const [one, other] = fingersOf(event);
    zoom.hold(pinch.point, ...between(one, other), pinch.factor * apart(one, other) / pinch.apart);
  }, {passive: false});
  for (const name of ['touchend', 'touchcancel']) stage.addEventListener(name, () => { pinch = null; });
}

/**
 * Two fingers on a trackpad, as Safari tells of them. Of two on the screen it tells in this way too.
 * @param {Parts} parts
 * @param {Zoom} zoom
 */
export function zoomByGesture({stage}, zoom) {
  let begun = null, onScreen = 0;
  for (const name of ['touchstart', 'touchend', 'touchcancel']) {
    stage.addEventListener(name, (event) => { onScreen = event.touches.length; }, {passive: true});
  }
  stage.addEventListener('gesturestart', (event) => {
    if (!zoom.isPossible) return;
    event.preventDefault();  // the page would zoom
    const {clientX: x, clientY: y} = event;
    begun = onScreen ? null : {point: zoom.pointAt(x, y), x, y, factor: zoom.seenAt()};
  });
  stage.addEventListener('gesturechange', (event) => {
    if (!zoom.isPossible) return;
    event.preventDefault();
    if (begun) zoom.hold(begun.point, begun.x, begun.y, begun.factor * event.scale);
  });
}
