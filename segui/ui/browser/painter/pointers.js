// Fingers, pens and mice on the painting area.

const PINCH_PX = 24;  // a finger that went further on the screen did paint

// `to` has begin(event, erases), move(events), hover(event), end(), drop(), leave(), isBusy() and
// movesPicture(event): such a one is the frame's below.
export function makePointers(canvas, to, signal) {
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
  on('mousedown', (event) => { if (event.button === 1) event.preventDefault(); });  // it would scroll
  on('pointerdown', (event) => {
    if (!active && to.movesPicture(event)) return;
    event.stopPropagation();  // the frame below would move the picture
    event.preventDefault();
    if (event.pointerType === 'touch') {
      fingers.add(event.pointerId);
      if (fingers.size > 1 && active?.type !== 'pen') {
        isPinch = true;
        finish(active && active.travel < PINCH_PX);
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
