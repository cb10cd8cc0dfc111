// The strokes of what is painted, as lines: beside the pixels in its PNG, for whoever draws them at the
// photo's own size. Each is a list: 0 for a brush or 1 for an outline, 0 or 1 for one that takes away,
// the brush's size and hardness, and x and y of each point.

const KEYWORD = 'segui-strokes';
const MOST_CHARACTERS = 500_000;  // what is longer is told by its pixels alone
const START = 'data:image/png;base64,';
const SIGNATURE_BYTES = 8, HEAD_BYTES = 33;  // the signature and the first chunk
const CHECKS = Array.from({length: 256}, (_, value) => {
  let check = value;
  for (let bit = 0; bit < 8; bit++) check = check & 1 ? 0xEDB88320 ^ (check >>> 1) : check >>> 1;
  return check >>> 0;
});

/** @typedef {number[]} Drawn */

const round = (value) => Math.round(100 * value) / 100;

/** @returns {Drawn} */
export function drawnOf({points, size, hardness, erases, fills}) {
  return [Number(fills), Number(erases), size, hardness, ...points.flat().map(round)];
}

function checkOf(bytes) {
  let check = 0xFFFFFFFF;
  for (const byte of bytes) check = CHECKS[(check ^ byte) & 255] ^ (check >>> 8);
  return (check ^ 0xFFFFFFFF) >>> 0;
}

const bytesOf = (binary) => Uint8Array.from(binary, (character) => character.charCodeAt(0));
const fourBytes = (number) => String.fromCharCode(
  number >>> 24, (number >>> 16) & 255, (number >>> 8) & 255, number & 255);

/**
 * A PNG with strokes beside its pixels.
 * @param {string} uri a data URI
 * @param {Drawn[]} drawn
 */
export function withDrawn(uri, drawn) {
  const text = JSON.stringify(drawn);
  if (!drawn.length || text.length > MOST_CHARACTERS || !uri.startsWith(START)) return uri;
  const png = atob(uri.slice(START.length)), body = `tEXt${KEYWORD}\0${text}`;
  const chunk = `${fourBytes(body.length - 4)}${body}${fourBytes(checkOf(bytesOf(body)))}`;
  return START + btoa(png.slice(0, HEAD_BYTES) + chunk + png.slice(HEAD_BYTES));
}

/**
 * The strokes that a PNG has beside its pixels; none where it has none.
 * @param {string} uri a data URI
 * @returns {Drawn[]}
 */
export function drawnIn(uri) {
  if (!uri?.startsWith(START)) return [];
  try {
    const png = atob(uri.slice(START.length));
    for (let at = SIGNATURE_BYTES; at + 12 <= png.length;) {
      const length = bytesOf(png.slice(at, at + 4)).reduce((sum, byte) => 256 * sum + byte, 0);
      const [keyword, text] = png.slice(at + 8, at + 8 + length).split('\0', 2);
      const kind = png.slice(at + 4, at + 8);
      if (kind === 'tEXt' && keyword === KEYWORD) return JSON.parse(text);
      if (kind === 'IDAT') return [];
      at += 12 + length;
    }
  } catch (error) {
    // the pixels are there all the same
  }
  return [];
}
