// Between the page and the server: what comes with each event, and a message taken apart.
window.segui ??= (() => {
  // The frame takes messages of its own, each as it comes: of two values of a component at one
  // moment a script sees the last alone.
  const FRAME = 'result';
  // A component that says which message the values of all others are of. Gradio sets one value after
  // the other, and an event may be sent in the midst of them: it says so by the clock, set last.
  const CLOCK = 'clock';
  let early = [], tellFrame = (message) => { early.push(message); };
  const link = {sequence: 0, taken: 0};

  /** Who takes the frame's messages, also those that came before it was there.
   * @param {(message: Object) => void} take
   */
  link.listen = (take) => {
    tellFrame = take;
    early.forEach(take);
    early = [];
  };

  /** What an event sends: its count and the message that its values are of, then the values.
   * @param {any[]} said  what the clock says, then the values
   */
  link.send = ([taken, ...values]) =>
    [{sequence: ++link.sequence, taken: taken ?? 0}, ...values];

  /** A message as one update a part; what it does not name stays as it is.
   *
   * What it tells again is taken only if it has not come before: a control may have been changed
   * since by whoever sits before it.
   * @param {{n: number, parts: Object<string, Object>, numbers?: Object<string, Object>} | null}
   *   message
   * @param {string[]} names  of the parts, in the order of the outputs
   */
  link.take = (message, names) => {
    if (!message || (message.n && message.n <= link.taken)) return names.map(() => undefined);
    const isNew = (part, name) => (message.numbers?.[part]?.[name] ?? message.n) > link.taken;
    const updates = names.map((part) => {
      if (part === CLOCK) return message.n ? {value: message.n, __type__: 'update'} : undefined;
      const told = Object.entries(message.parts[part] ?? {})
        .filter(([name]) => !message.n || isNew(part, name));
      if (!told.length) return undefined;
      const properties = Object.fromEntries(told);
      // a value is set at once, if it is the first property: all of a message's before the clock
      if (part !== FRAME && 'value' in properties) {
        return {value: properties.value, ...properties, __type__: 'update'};
      }
      if (part !== FRAME) return {...properties, __type__: 'update'};
      tellFrame(message.n ? {n: message.n, ...properties} : properties);
      return undefined;
    });
    if (message.n) link.taken = message.n;
    return updates;
  };
  return link;
})();
