// The pixels of a mask: how opaque each is painted, 0 to 255.

// what is painted has this colour; its opacity is the mask
export const TINT = [13, 148, 136];

export function makePen(width, height, canvas = document.createElement('canvas')) {
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext('2d', {willReadFrequently: true});
  pen.fillStyle = pen.strokeStyle = `rgb(${TINT})`;
  return pen;
}

export function canRead() {
  const pen = makePen(8, 8);
  pen.fillRect(0, 0, 8, 8);
  const expected = [...TINT, 255];
  return pen.getImageData(0, 0, 8, 8).data.every((value, at) => value === expected[at % 4]);
}

// One of each pixel's four values. Plain loops: there are a million pixels.
export function channelOf(pen, [x1, y1, x2, y2], channel) {
  const {data} = pen.getImageData(x1, y1, x2 - x1, y2 - y1);
  const values = new Uint8Array(data.length / 4);
  for (let at = 0; at < values.length; at++) values[at] = data[4 * at + channel];
  return values;
}

export function opacityIn(pen, box) {
  return channelOf(pen, box, 3);
}

export function putOpacity(pen, [x1, y1, x2, y2], opacity) {
  const image = new ImageData(x2 - x1, y2 - y1);
  const [red, green, blue] = TINT;
  for (let at = 0; at < opacity.length; at++) {
    image.data[4 * at] = red;
    image.data[4 * at + 1] = green;
    image.data[4 * at + 2] = blue;
    image.data[4 * at + 3] = opacity[at];
  }
  pen.putImageData(image, x1, y1);
}

export function isSame(one, other) {
  if (!one || !other) return one === other;
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false;
  return true;
}

export function cover(pen, how, colour, [x1, y1, x2, y2]) {
  pen.save();
  pen.globalCompositeOperation = how;
  pen.fillStyle = colour;
  pen.fillRect(x1, y1, x2 - x1, y2 - y1);
  pen.restore();
}

// The opacity that a mask's data URI means at a size; null where it cannot be read.
export async function readMask(uri, width, height) {
  const image = new Image();
  image.src = uri;
  try {
    await image.decode();
  } catch (error) {
    return null;
  }
  const pen = makePen(width, height);
  cover(pen, 'source-over', 'black', [0, 0, width, height]);
  pen.drawImage(image, 0, 0, width, height);
  return channelOf(pen, [0, 0, width, height], 0);
}
