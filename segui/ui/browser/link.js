// Between the page and the server: what comes with each event, and a message taken apart.
window.segui ??= (() => {
  // The frame takes messages of its own, each as it comes: of two values of a component at one
  // moment a script sees the last alone.
  const FRAME = 'result';
  // A component that says which message the values of all others are of. Gradio sets one value after
  // the other, and an event may be sent in the midst of them: it says so by the clock, set last.
  const CLOCK = 'clock';
  const OPTION = 'option.';
  const LENGTHS = new Set(['grow', 'strength', 'feather']);
  let early = [], tellFrame = (message) => { early.push(message); };
  const link = {sequence: 0, taken: 0};
  // Controls that the visitor has changed since an event carried them, and which event carried the
  // last change: what the server says of a control without knowing of that change comes too late.
  const changed = new Set(), carriedBy = new Map();
  // What is done at one control until it is left, or pressed anew, is one step to undo, in however
  // many events it comes: each change knows its series, also one that has to wait to be sent.
  const seriesOf = new Map();
  let series = 0, place = null;
  const change = (name) => { changed.add(name); seriesOf.set(name, series); };
  document.addEventListener('pointerdown', () => { series += 1; }, true);
  document.addEventListener('focusin', ({target}) => {
    const now = target.closest?.('.block[id]') ?? target;
    if (now !== place) series += 1;
    place = now;
  }, true);
  document.addEventListener('input', ({target}) => {
    const id = target.closest?.('.block[id]')?.id;
    // what is typed in a list looks for an entry: it says by an event of its own what was chosen
    if (id && !target.matches('[role=combobox]')) change(id.replaceAll('-', '_'));
  }, true);
  // What all controls say at one moment, with the clock. Gradio tells it to a script that is called
  // by an event with these as inputs; an event that has them as inputs and is sent to the server
  // would have each of them drawn anew twice, in all events after it.
  const readers = [];
  let read = () => {};
  /** Who asks Gradio for what the controls say. */
  link.readBy = (ask) => { read = ask; };
  const said = () => new Promise((resolve) => { readers.push(resolve); read(); });
  /** Takes what the controls say, for whoever asked first.
   * @param {any[]} all  what the clock says, then the values
   * @param {string[]} names  of the values
   */
  link.reads = ([taken, ...values], names) => {
    const told = names.map((name, place) => [name, link.length(name, values[place])]);
    readers.shift()?.({taken, values: Object.fromEntries(told)});
  };

  // A length is a number and its unit, where the server has "2%" for a share. See units.js.
  const unitOf = new Map();
  link.units = {
    effect: '',
    changed: () => {},
    of: (name) => unitOf.get(name) ?? 'px',
    set: (name, unit) => { unitOf.set(name, unit); },
  };
  link.length = (name, number) => (
    typeof number === 'number' && unitOf.get(name) === '%' ? `${number}%` : number);
  const numberOf = (part, value) => {
    if (!part.startsWith(OPTION)) return value;
    const name = part.slice(OPTION.length), isShare = LENGTHS.has(name) && /%$/.test(value);
    if (LENGTHS.has(name)) unitOf.set(name, isShare ? '%' : 'px');
    return isShare ? Number.parseFloat(value) : value;
  };
  const isKnown = (part, message) => {
    const name = part.slice(OPTION.length);
    if (!part.startsWith(OPTION) || !message.n) return true;
    return !changed.has(name) && (message.heard?.[name] ?? 0) >= (carriedBy.get(name) ?? 0);
  };

  // Whose tab this is: a page that is loaded anew shows the ticket of the one before. A tab that was
  // copied has it too; as long as the first one is open, the server lets no other have its photo.
  const TICKET = 'segui-ticket';
  const RECIPE = '#recipe=';  // behind the # of an address, which no server is told
  const SHOWN_MS = 1500;
  link.say = (detail) => { document.dispatchEvent(new CustomEvent('segui-say', {detail})); };

  /** What a page says when it is opened.
   * @param {any[]} said  what the browser has stored
   */
  link.opening = (said) => {
    const bytes = [...crypto.getRandomValues(new Uint8Array(16))];
    const ticket = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
    let former = '';
    try {
      former = sessionStorage.getItem(TICKET) ?? '';
      sessionStorage.setItem(TICKET, ticket);
    } catch { /* a browser that stores nothing comes back to nothing */ }
    const recipe = location.hash.startsWith(RECIPE) ? location.hash.slice(RECIPE.length) : '';
    // it is in force once: what is changed afterwards is not taken back by loading the page anew
    if (recipe) history.replaceState(null, '', location.pathname + location.search);
    return [...said.slice(0, -1), {ticket, former, recipe}];
  };

  // the same page with another recipe behind its #
  window.addEventListener('hashchange', () => {
    if (location.hash.startsWith(RECIPE)) location.reload();
  });

  /** Put a link to this page with a recipe on the clipboard, or show it where that cannot be.
   * @param {string} recipe
   */
  link.copy = async (recipe) => {
    const whole = location.origin + location.pathname + location.search + RECIPE + recipe;
    try {
      await navigator.clipboard.writeText(whole);
      link.say({busy: 'The link is copied'});
      setTimeout(() => link.say({busy: ''}), SHOWN_MS);
    } catch {  // not over plain HTTP, or not allowed
      window.prompt('Copy this link:', whole);
    }
  };

  let takePicture = () => {};

  /** Put the result on the clipboard, once the server has written it: see link.picture. */
  link.copyPicture = async () => {
    link.say({busy: 'Copying the picture…'});
    const written = new Promise((resolve, reject) => {
      takePicture = (url) => (url ? fetch(url).then((answer) => answer.blob()).then(resolve, reject)
        : reject(new Error('nothing was written')));
    });
    written.catch(() => {});  // a browser that lets nobody write does not wait for it
    let said = 'The picture is copied';
    try {
      await navigator.clipboard.write([new ClipboardItem({'image/png': written})]);
    } catch {
      said = 'The picture was not copied: download it';
    }
    link.say({busy: said});
    setTimeout(() => link.say({busy: ''}), SHOWN_MS);
  };

  /** The address of the picture that is to be copied; empty where there is none. */
  link.picture = (url) => takePicture(url);

  /** Who takes the frame's messages, also those that came before it was there.
   * @param {(message: Object) => void} take
   */
  link.listen = (take) => {
    tellFrame = take;
    early.forEach(take);
    early = [];
  };

  /** What an event sends that has no values: its count, and the message that the page took last.
   * @param {number | null} taken  what the clock says
   */
  link.count = (taken) => {
    link.sequence += 1;
    return {sequence: link.sequence, taken: taken ?? 0};
  };

  /** What an event sends: its count, the values and the message that they are of, and which of them
   * the visitor has changed since an event carried them, each in which series.
   * @param {string} [own]  the control that the visitor has just changed
   */
  link.send = async (own = '') => {
    if (own && !changed.has(own)) change(own);
    const {taken, values} = await said();
    const told = Object.keys(values).filter((name) => changed.delete(name)), sent = link.count(taken);
    for (const name of told) carriedBy.set(name, sent.sequence);
    const moves = Object.fromEntries(told.map((name) => [name, seriesOf.get(name)]));
    return {...sent, changed: told, series: moves, values};
  };

  /** A message as one update a part; what it does not name stays as it is.
   *
   * What it tells again is taken only if it has not come before: a control may have been changed
   * since by whoever sits before it. So may one before the message was made.
   * @param {{n: number, parts: Object<string, Object>, numbers?: Object<string, Object>,
   *   heard?: Object<string, number>} | null} message
   * @param {string[]} names  of the parts, in the order of the outputs
   */
  link.take = (message, names) => {
    if (!message || (message.n && message.n <= link.taken)) return names.map(() => undefined);
    const isNew = (part, name) => (message.numbers?.[part]?.[name] ?? message.n) > link.taken;
    const updates = names.map((part) => {
      if (part === CLOCK) return message.n ? {value: message.n, __type__: 'update'} : undefined;
      const told = Object.entries(message.parts[part] ?? {})
        .filter(([name]) => !message.n || isNew(part, name))
        .filter(([name]) => name !== 'value' || isKnown(part, message));
      if (!told.length) return undefined;
      const properties = Object.fromEntries(told);
      if ('value' in properties) properties.value = numberOf(part, properties.value);
      // a value is set at once, if it is the first property: all of a message's before the clock
      if (part !== FRAME && 'value' in properties) {
        return {value: properties.value, ...properties, __type__: 'update'};
      }
      if (part !== FRAME) return {...properties, __type__: 'update'};
      tellFrame(message.n ? {n: message.n, ...properties} : properties);
      return undefined;
    });
    link.units.effect = message.parts.stored_options?.value?.effect ?? link.units.effect;
    link.units.changed();
    if (message.n) link.taken = message.n;
    return updates;
  };
  return link;
})();
