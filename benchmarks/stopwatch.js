// A stopwatch in the page, by the page's own clock: nothing of the test driver's is measured.
// It runs from the last event of a kind until what is wanted is there and, of a picture, decoded
// and on the screen. An event that comes meanwhile starts it again.
globalThis.stopwatch = {
  arm({kind, under, wanted, given, picture, isNew}) {
    const isThere = eval(wanted), seen = () => picture && document.querySelector(picture);
    let start = 0, count = 0, pause = 0, isMet = false, old = '';
    const note = (event) => {
      if (!event.target.closest?.(under)) return;
      if (count) pause = Math.max(pause, event.timeStamp - start);
      start = event.timeStamp;
      count++;
      old = isNew ? seen().src : '';
      isMet = false;
      this.said = null;
    };
    const look = async () => {
      if (!count || isMet || (isNew && seen().src === old) || !isThere(given)) return;
      isMet = true;
      const turn = count;
      if (picture) {
        await seen().decode();
        await new Promise(requestAnimationFrame);
      }
      if (turn === count) this.said = {start, end: performance.now(), events: count, pause};
    };
    this.disarm?.();
    const watcher = new MutationObserver(look);
    this.disarm = () => { watcher.disconnect(); document.removeEventListener(kind, note, true); };
    this.said = null;
    document.addEventListener(kind, note, true);
    watcher.observe(document.body,
      {subtree: true, childList: true, attributes: true, characterData: true});
  },

  // What the last upload took, once the server has it.
  uploaded() {
    const sent = performance.getEntriesByType('resource')
      .filter((entry) => entry.name.includes('/upload?'));
    return sent.at(-1).responseEnd;
  },

  // Each redraw of the picture that follows the sliders, from now on.
  countDraws() {
    const stage = document.querySelector('.viewer-stage');
    const drawn = () => Number(stage.dataset.draws ?? 0);
    const first = drawn(), took = [];
    let last = first;
    this.counter?.disconnect();
    this.counter = new MutationObserver(() => {
      if (drawn() !== last) { last = drawn(); took.push(Number(stage.dataset.drawMs)); }
    });
    this.counter.observe(stage, {attributes: true, attributeFilter: ['data-draws', 'data-draw-ms']});
    this.draws = () => ({count: drawn() - first, took});
  },
};
performance.setResourceTimingBufferSize(10000);
