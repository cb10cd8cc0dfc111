// The layers that can be painted on: a mask of one's own, and a layer over each mask file.
import {drawnIn} from './drawn.js';
import {isSame, readMask, readStrokes} from './pixels.js';
import {HALF, makeScratch, makeSheet} from './sheet.js';

const REST_MS = 400;
const MOST_TOLD = 16;  // so many masks may be on their way to be echoed
export const OWN = '';

/**
 * What is painted on a layer, and what of it is told.
 * @param {string} id of the mask file, or OWN
 * @param {ReturnType<typeof makeSheet>} sheet
 * @param {object} on
 * @param {(mask: string, id: string) => void} on.told a while after something has changed
 * @param {(id: string) => void} on.before another one than what was painted here is about to be shown
 * @param {(id: string) => void} on.shown it is shown
 */
export function makeLayer(id, sheet, on) {
  // what was shown or echoed last, and whatever was told since then
  let known = [null];
  let timer = 0, readings = 0, tellings = 0, isGone = false, waiting = null;

  const stopTimer = () => {
    clearTimeout(timer);
    timer = 0;
  };
  function tell() {
    stopTimer();
    const content = sheet.content();
    if (isSame(content, known.at(-1))) return;
    known = [...known, content].slice(-MOST_TOLD);
    tellings++;
    on.told(content ? sheet.asPicture() : '', id);
  }
  const contentOf = async (uri) => {
    if (sheet.isOnFile) return readStrokes(uri, sheet.width, sheet.height);
    return readMask(uri, sheet.width, sheet.height);
  };
  const isSomething = (content) => sheet.isOnFile
    ? content.some((value, at) => at % 2 && value) : content.some((value) => value >= HALF);
  async function take(uri, echoOf) {
    const mine = ++readings;
    const read = uri ? await contentOf(uri) : null;
    if (mine !== readings || isGone || (uri && !read)) return false;
    const content = read && isSomething(read) ? read : null;
    const place = echoOf(content);
    if (place >= 0) {
      known = known.slice(place);
      return true;
    }
    const lines = drawnIn(uri);
    if (sheet.isReady) show(content, lines);
    else waiting = content && [content, lines];
    known = [content];
    return true;
  }
  function show(content, lines) {
    on.before(id);
    stopTimer();
    sheet.start(content, lines);
    on.shown(id);
  }
  return {
    id,
    get sheet() { return sheet; },
    settle() {
      stopTimer();
      timer = setTimeout(tell, REST_MS);
    },
    hold: stopTimer,
    // at once, if something is to be told
    flush() { if (timer) tell(); },
    // echoes come in the order of what was told: the first that fits leaves the later ones to come
    load: (uri, isOrder) => take(uri, (content) => isOrder
      ? -1 : known.findIndex((one) => isSame(content, one))),
    agree(uri) {
      const heard = tellings;
      return take(uri, (content) => {
        if (tellings !== heard) return 0;  // told while this was read: its own answer is to come
        return isSame(content, known.at(-1)) ? known.length - 1 : -1;
      });
    },
    /** What the mask file selects; whether it could be read. */
    async lieOver(uri) {
      const opacity = await readMask(uri, sheet.width, sheet.height);
      if (!opacity || isGone) return false;
      if (sheet.isOver(opacity)) return true;
      if (sheet.isReady) on.before(id);
      sheet.lieOver(opacity);
      if (waiting) sheet.start(...waiting);
      waiting = null;
      on.shown(id);
      return true;
    },
    /** What is painted goes on to a sheet of another size: the same mask, so there is nothing to tell. */
    moveTo(other) {
      other.scaleFrom(sheet);
      sheet = other;
      readings++;
      known = timer ? [] : [sheet.content()];
    },
    end() {
      isGone = true;
      stopTimer();
    },
  };
}

/** The sheets of one size. */
export function makeSheets(width, height) {
  const scratch = makeScratch(width, height);
  return (isOnFile) => makeSheet(width, height, scratch, isOnFile);
}
