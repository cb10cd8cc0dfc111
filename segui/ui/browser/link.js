// Between the page and the server: what comes with each event, and a message taken apart.
window.segui ??= (() => {
  const FRAME = 'result';  // its value is a message of its own
  const link = {sequence: 0, taken: 0};

  /** What an event sends: its count and the last message that was taken, then the values.
   * @param {any[]} said  the clock's place, then the values
   */
  link.send = ([, ...values]) =>
    [{sequence: ++link.sequence, taken: link.taken}, ...values];

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
      const told = Object.entries(message.parts[part] ?? {})
        .filter(([name]) => !message.n || isNew(part, name));
      if (!told.length) return undefined;
      const properties = Object.fromEntries(told);
      if (part !== FRAME) return {...properties, __type__: 'update'};
      return {value: {n: message.n, ...properties}, __type__: 'update'};
    });
    if (message.n) link.taken = message.n;
    return updates;
  };
  return link;
})();
