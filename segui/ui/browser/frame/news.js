// What is new in a message. The server says again what it does not know to have arrived: that must
// change nothing.

/** @typedef {import('./messages.js').FrameMessage} FrameMessage */

/** @type {FrameMessage} */
const EMPTY = {
  photo: '', result: '', size: null, preview: null, shapes: [], sides: [], hand: [], numbers: [],
  selected: 0, left_out: {key: 0, boxes: []}, paste: null, live: {}, look: null,
  painted: {mask: ''}, layers: [], base: null, stale: '', marks: {way: '', points: [], boxes: [], answers: []},
};

/** What the server has said, by the names of its message's keys. */
export const nothingYet = () => ({...EMPTY});

/**
 * Whether two values say the same.
 * @param {any} one
 * @param {any} other
 * @returns {boolean}
 */
export function isSame(one, other) {
  if (Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || !one || !other) return false;
  const names = Object.keys(one);
  return names.length === Object.keys(other).length
    && names.every((name) => name in other && isSame(one[name], other[name]));
}

// What a key stands for need not be compared.
function isSameLive(one, other) {
  const isKnown = one?.key !== undefined && one.key === other?.key;
  return isKnown ? 'layers' in one === 'layers' in other : isSame(one, other);
}

/**
 * Takes over what a message says, and tells what of it is news. What has no number was said once,
 * and is meant.
 * @param {FrameMessage} has what was said before
 * @param {FrameMessage} message
 * @returns {Set<string>} names of keys
 */
export function takeOver(has, message) {
  const news = new Set();
  for (const name of Object.keys(EMPTY)) {
    if (!(name in message)) continue;
    const same = name === 'live' ? isSameLive : isSame;
    if (message.n !== undefined && same(has[name], message[name])) continue;
    has[name] = message[name];
    news.add(name);
  }
  return news;
}
