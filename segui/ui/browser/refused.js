
// Files that the server does not take: why is said in its sentence alone. Of an answer that is none
// of success Gradio shows the status and the whole text, which is JSON for programs; of one that
// cannot be read it shows why, in a toast that takes what it shows for HTML.
(() => {
  const UPLOAD = /\/gradio_api\/upload(\?|$)/;
  const NOT_TAKEN = 'The server did not take these files: give them once more';
  const UNREACHABLE = 'The server cannot be reached: give these files once more';
  const SIGNS = {'&': '&amp;', '<': '&lt;', '>': '&gt;'};
  const plain = window.fetch;
  const sentenceOf = async (answer) => {
    const detail = (await answer.json().catch(() => null))?.detail;  // a proxy's is a page
    const isSaid = typeof detail === 'string' && detail !== '';
    return isSaid ? detail[0].toUpperCase() + detail.slice(1) : NOT_TAKEN;
  };
  const unreadable = (sentence) => {
    const why = new Error(sentence.replace(/[&<>]/g, (sign) => SIGNS[sign]));
    return {ok: true, json: () => Promise.reject(why)};
  };
  window.fetch = async (...given) => {
    if (!UPLOAD.test(String(given[0]))) return plain(...given);
    try {
      const answer = await plain(...given);
      return answer.ok ? answer : unreadable(await sentenceOf(answer));
    } catch (error) {
      if (given[1]?.signal?.aborted) throw error;
      return unreadable(UNREACHABLE);
    }
  };
})();
