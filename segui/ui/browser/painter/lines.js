// Boxes and lines of what is painted.

export function boxRound(points, reach, width, height) {
  const xs = points.map((point) => point[0]), ys = points.map((point) => point[1]);
  const least = (values) => values.reduce((one, other) => Math.min(one, other));
  const most = (values) => values.reduce((one, other) => Math.max(one, other));
  const box = [Math.max(0, Math.floor(least(xs) - reach)), Math.max(0, Math.floor(least(ys) - reach)),
               Math.min(width, Math.ceil(most(xs) + reach)), Math.min(height, Math.ceil(most(ys) + reach))];
  return box[0] < box[2] && box[1] < box[3] ? box : null;
}

export function union(one, other) {
  if (!one || !other) return one ?? other;
  return [Math.min(one[0], other[0]), Math.min(one[1], other[1]),
          Math.max(one[2], other[2]), Math.max(one[3], other[3])];
}

function middleOf(one, other) {
  return [(one[0] + other[0]) / 2, (one[1] + other[1]) / 2];
}

// The line bends at its points and runs through the middles between them. A point given twice is a corner.
export function trace(pen, points, from = 1, isWhole = true) {
  pen.moveTo(...(from === 1 ? points[0] : middleOf(points[from - 1], points[from])));
  for (let at = from; at < points.length - 1; at++) {
    pen.quadraticCurveTo(...points[at], ...middleOf(points[at], points[at + 1]));
  }
  if (isWhole) pen.lineTo(...points[points.length - 1]);
}

// The same as corners of short straight lines, none longer than a step.
export function flattened(points, from, isWhole, step) {
  const corners = [from === 1 ? points[0] : middleOf(points[from - 1], points[from])];
  for (let at = from; at < points.length - 1; at++) {
    const [x, y] = corners[corners.length - 1], [bendX, bendY] = points[at];
    const [endX, endY] = middleOf(points[at], points[at + 1]);
    const long = Math.hypot(bendX - x, bendY - y) + Math.hypot(endX - bendX, endY - bendY);
    const count = Math.max(1, Math.ceil(long / step));
    for (let part = 1; part <= count; part++) {
      const on = part / count, off = 1 - on;
      corners.push([off * off * x + 2 * off * on * bendX + on * on * endX,
                    off * off * y + 2 * off * on * bendY + on * on * endY]);
    }
  }
  if (isWhole) corners.push(points[points.length - 1]);
  return corners;
}

export function drawLine(pen, stroke, from, isWhole) {
  const {points, size} = stroke;
  pen.lineWidth = size;
  pen.lineCap = pen.lineJoin = 'round';
  pen.beginPath();
  if (points.every(([x, y]) => x === points[0][0] && y === points[0][1])) {
    pen.arc(...points[0], size / 2, 0, 2 * Math.PI);  // a line without length need not have caps
    pen.fill();
  } else {
    trace(pen, points, from, isWhole);
    pen.stroke();
  }
}

export function fillOutline(pen, stroke) {
  pen.beginPath();
  trace(pen, stroke.points);
  pen.fill();
}
