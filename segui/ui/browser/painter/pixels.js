// The pixels of a mask: how opaque each is painted, 0 to 255.

// on a sheet what is painted has this colour, whatever colour it is shown in; its opacity is the mask
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

export function putOpacity(pen, [x1, y1, x2, y2], opacity, [red, green, blue] = TINT) {
  const image = new ImageData(x2 - x1, y2 - y1);
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

async function pictureOf(uri) {
  const image = new Image();
  image.src = uri;
  try {
    await image.decode();
  } catch (error) {
    return null;
  }
  return image;
}

// The opacity that a mask's data URI means at a size; null where it cannot be read.
export async function readMask(uri, width, height) {
  const image = await pictureOf(uri);
  if (!image) return null;
  const pen = makePen(width, height);
  cover(pen, 'source-over', 'black', [0, 0, width, height]);
  pen.drawImage(image, 0, 0, width, height);
  return channelOf(pen, [0, 0, width, height], 0);
}

// Strokes: two values a pixel, how white they are and how much they cover.
export function strokesIn(pen, [x1, y1, x2, y2]) {
  const {data} = pen.getImageData(x1, y1, x2 - x1, y2 - y1);
  const values = new Uint8Array(data.length / 2);
  for (let at = 0; at < values.length; at += 2) {
    values[at] = data[2 * at];
    values[at + 1] = data[2 * at + 3];
  }
  return values;
}

export function putStrokes(pen, [x1, y1, x2, y2], strokes) {
  const image = new ImageData(x2 - x1, y2 - y1);
  for (let at = 0; at < strokes.length; at += 2) {
    image.data[2 * at] = image.data[2 * at + 1] = image.data[2 * at + 2] = strokes[at];
    image.data[2 * at + 3] = strokes[at + 1];
  }
  pen.putImageData(image, x1, y1);
}

export function touchesNothing(strokes) {
  for (let at = 1; at < strokes.length; at += 2) if (strokes[at]) return false;
  return true;
}

// The strokes that a data URI means at a size; null where it cannot be read.
export async function readStrokes(uri, width, height) {
  const image = await pictureOf(uri);
  if (!image) return null;
  const pen = makePen(width, height);
  pen.drawImage(image, 0, 0, width, height);
  return strokesIn(pen, [0, 0, width, height]);
}

// What is selected where strokes lie over a mask.
export function opacityUnder(strokes, base) {
  const values = new Uint8Array(base.length);
  for (let at = 0; at < values.length; at++) {
    const cover = strokes[2 * at + 1] / 255;
    values[at] = Math.round(base[at] * (1 - cover) + strokes[2 * at] * cover);
  }
  return values;
}
