// How what is painted looks over the photo.
import {boxRound, trace, union} from './lines.js';
import {cover, makePen} from './pixels.js';

// round what is painted: a bright line and a dark one, so that one of them shows on any photo
/** @type {[string, number][]} colour and width */
const LINES = [['rgb(15, 23, 42)', 2], ['rgb(255, 255, 255)', 1]];
/** @type {[string, number, number[]][]} colour, width and dashes */
const OUTLINE = [['rgb(15, 23, 42)', 3.5, []], ['white', 1.5, [6, 4]]];

function inside(pen, [x1, y1, x2, y2], draw) {
  pen.save();
  pen.beginPath();
  pen.rect(x1, y1, x2 - x1, y2 - y1);
  pen.clip();
  draw();
  pen.restore();
}

// `unit` is how many pixels of the mask one pixel of the screen is.
function showMask(view, sheet, box, unit, look) {
  const {spare, canvas} = sheet;
  inside(view, box, () => {
    view.clearRect(...sheet.whole);
    for (const [colour, reach] of LINES) {
      inside(spare, box, () => {
        spare.clearRect(...sheet.whole);
        for (let turn = 0; turn < 8; turn++) {
          const angle = turn * Math.PI / 4, far = reach * unit;
          spare.drawImage(canvas, far * Math.cos(angle), far * Math.sin(angle));
        }
        cover(spare, 'source-in', colour, sheet.whole);
      });
      view.drawImage(spare.canvas, 0, 0);
    }
    view.globalCompositeOperation = 'destination-out';
    view.drawImage(canvas, 0, 0);
    inside(spare, box, () => {
      spare.clearRect(...sheet.whole);
      spare.drawImage(canvas, 0, 0);
      cover(spare, 'source-in', look.colour, sheet.whole);
    });
    view.globalCompositeOperation = 'source-over';
    view.globalAlpha = look.opacity / 100;
    view.drawImage(spare.canvas, 0, 0);
  });
}

function showOutline(view, points, unit) {
  view.save();
  view.lineJoin = view.lineCap = 'round';
  for (const [colour, thick, dash] of OUTLINE) {
    view.strokeStyle = colour;
    view.lineWidth = thick * unit;
    view.setLineDash(dash.map((length) => length * unit));
    view.beginPath();
    trace(view, points);
    view.closePath();
    view.stroke();
  }
  view.restore();
}

// Draws what has changed, once a frame. `look` is the colour and the opacity, in percent, of what is
// painted.
export function makeView(canvas, host, sheetNow, look) {
  let view = null, stale = null, outline = null, frame = 0;
  const unit = () => sheetNow().width / Math.max(1, host.clientWidth);
  const paint = () => {
    frame = 0;
    const sheet = sheetNow(), reach = 4 * unit();
    if (outline) stale = union(stale, boxRound(outline, 0, sheet.width, sheet.height));
    if (!stale) return;
    const [x1, y1, x2, y2] = stale;
    const box = boxRound([[x1, y1], [x2, y2]], reach, sheet.width, sheet.height);
    stale = null;
    showMask(view, sheet, box, unit(), look);
    if (outline) showOutline(view, outline, unit());
  };
  const ask = () => { frame ||= requestAnimationFrame(paint); };
  return {
    fit() { view = makePen(sheetNow().width, sheetNow().height, canvas); },
    redraw(box) { if (box) { stale = union(stale, box); ask(); } },
    setLook(changed) {
      Object.assign(look, changed);
      this.redrawAll();
    },
    redrawAll() { stale = sheetNow().whole; ask(); },
    setOutline(points) {
      const {width, height} = sheetNow();
      if (outline && !points) stale = union(stale, boxRound(outline, 0, width, height));
      outline = points;
      ask();
    },
    stop() { cancelAnimationFrame(frame); },
  };
}
