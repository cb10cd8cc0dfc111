// Where rows of a blurred mask are 0, and where they are 1: four numbers a row.

// Of some rows: where any is not 0, and, inside that, where all are 1.
export function spanOf(spans, first, end) {
  let begun = spans[4 * first], filled = spans[4 * first + 1];
  let full = spans[4 * first + 2], fullEnd = spans[4 * first + 3];
  for (let at = 4 * (first + 1); at < 4 * end; at += 4) {
    if (spans[at] < begun) begun = spans[at];
    if (spans[at + 1] > filled) filled = spans[at + 1];
    if (spans[at + 2] > full) full = spans[at + 2];
    if (spans[at + 3] < fullEnd) fullEnd = spans[at + 3];
  }
  if (begun >= filled) return [0, 0, 0, 0];
  return full < fullEnd ? [begun, filled, full, fullEnd] : [begun, filled, filled, filled];
}
