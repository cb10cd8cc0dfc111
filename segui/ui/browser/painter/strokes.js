// Strokes of the brush and of the outline, each of which paints or takes away.
import {drawnOf} from './drawn.js';
import {boxRound, drawLine, fillOutline, flattened, union} from './lines.js';
import {partOf, radiiOf, softLine} from './soft.js';

const HARD = 100;  // percent
// a thinner brush would paint no pixel by half where it falls between some: what it paints would vanish
const THINNEST_PX = 1.75;

// One stroke at a time: `begin`, `extend` as often as wanted, then `end` or `drop`.
export function makeStrokes(sheetNow, view) {
  let stroke = null;
  const boxOf = (points) => {
    const {width, height} = sheetNow();
    return boxRound(points, stroke.fills ? 1 : stroke.reach + 1, width, height);
  };
  const drawHard = (from, isWhole) => {
    sheetNow().draw(stroke.erases, (pen) => drawLine(pen, stroke, from, isWhole));
  };
  const drawSoft = (from, isWhole, box) => {
    const sheet = sheetNow(), {points, plane, radii, erases} = stroke;
    const corners = flattened(points, from, isWhole, Math.max(1, radii.reach / 4));
    softLine(plane, sheet.width, sheet.height, corners, radii);
    if (!box) return;
    sheet.restore(box);
    sheet.stamp(box, partOf(plane, sheet.width, box), erases);
  };
  const draw = (from, touched) => {
    const box = boxOf(touched);
    if (stroke.plane) drawSoft(from, false, box);
    else drawHard(from, false);
    stroke.box = union(stroke.box, box);
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
    begin({points, size: chosen, hardness, tool, erases}) {
      const sheet = sheetNow(), size = Math.max(THINNEST_PX, chosen), isSoft = tool === 'brush' && hardness < HARD;
      sheet.keep();
      const radii = radiiOf({size, hardness});
      stroke = {
        points: [], size, hardness, erases, fills: tool === 'outline', box: null, radii,
        reach: isSoft ? radii.reach : size / 2,
        plane: isSoft ? new Uint8Array(sheet.width * sheet.height) : null,
      };
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
      const whole = boxOf(stroke.points), {box, points, fills, plane} = stroke, sheet = sheetNow();
      if (plane) drawSoft(Math.max(1, points.length - 1), true, whole);
      else {
        // piece by piece its edge was drawn twice where pieces meet: once more, as one line
        sheet.restore(box);
        if (!fills) drawHard(1, true);
        else if (points.length > 2) sheet.draw(stroke.erases, (pen) => fillOutline(pen, stroke));
      }
      const line = drawnOf(take());
      view.redraw(whole);
      return sheet.commit(whole, line);
    },
    drop() {
      if (!stroke) return;
      const {box} = take();
      sheetNow().restore(box);
      view.redraw(box);
    },
  };
}
