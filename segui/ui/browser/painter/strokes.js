// Strokes of the brush, the eraser and the outline.
import {boxRound, drawLine, fillOutline, union} from './lines.js';

// One stroke at a time: `begin`, `extend` as often as wanted, then `end` or `drop`.
export function makeStrokes(sheetNow, view) {
  let stroke = null;
  const boxOf = (points) => {
    const {width, height} = sheetNow();
    return boxRound(points, stroke.fills ? 1 : stroke.size / 2 + 1, width, height);
  };
  const draw = (from, touched) => {
    drawLine(sheetNow().pen, stroke, from, false);
    const box = boxOf(touched);
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
      if (!fills) drawLine(sheet.pen, stroke, 1, true);
      else if (points.length > 2) fillOutline(sheet.pen, stroke);
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
