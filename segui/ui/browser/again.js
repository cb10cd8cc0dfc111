
// An event that did not come through is sent again: a connection is gone for a moment, a proxy is
// started anew, the server takes no more at the time. Else the page would rest on a picture that is
// not what its controls say. The server does what comes twice once: each event has its number.
(() => {
  const EVENT = /\/gradio_api\/run\/predict(\?|$)/;
  const UNREACHABLE = 'The server cannot be reached: it is asked again…';
  const FULL = 'The server takes no more at the moment: it is asked again…';
  const PASSING = new Map([[429, FULL], [503, FULL], [502, UNREACHABLE], [504, UNREACHABLE]]);
  const PAUSES_MS = [300, 1000, 2000, 4000, 8000];  // the last one again and again
  const plain = window.fetch;
  const say = (busy) => {
    document.dispatchEvent(new CustomEvent('segui-say', {detail: {busy}}));
  };
  /** Waits so many ms, or less where the browser finds its network again. */
  const pause = (most) => new Promise((over) => {
    const end = () => {
      clearTimeout(timer);
      window.removeEventListener('online', end);
      over();
    };
    const timer = setTimeout(end, most);
    window.addEventListener('online', end);
  });
  /** The answer; none where it is to be asked again, with what there is to say and how long to wait.
   * @returns {Promise<{answer?: Response, said?: string, wait?: number}>}
   */
  const tried = async (given) => {
    try {
      const answer = await plain(...given);
      const said = PASSING.get(answer.status);
      return said ? {said, wait: 1000 * Number(answer.headers.get('retry-after'))} : {answer};
    } catch (error) {
      if (given[1]?.signal?.aborted) throw error;
      return {said: UNREACHABLE};
    }
  };
  const untilAnswered = async (given, {answer, said, wait = 0}) => {
    for (let turn = 0; !answer; turn += 1) {
      say(said);
      await pause(Math.max(wait || 0, PAUSES_MS[Math.min(turn, PAUSES_MS.length - 1)]));
      ({answer, said, wait = 0} = await tried(given));
    }
    say('');
    return answer;
  };
  // what is sent while another one is on its way again waits for it: clicks come in their order
  let before = Promise.resolve();
  window.fetch = async (...given) => {
    if (!EVENT.test(String(given[0]))) return plain(...given);
    await before;
    const first = await tried(given);
    if (first.answer) return first.answer;
    const answered = before.then(() => untilAnswered(given, first));
    before = answered.then(() => {}, () => {});
    return answered;
  };
})();
