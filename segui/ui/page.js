() => {
  // A picture pasted from the clipboard becomes the photo, or what the field in focus is for.
  document.addEventListener('paste', (event) => {
    const file = [...(event.clipboardData?.files ?? [])].find((one) => one.type.startsWith('image/'));
    if (!file) return;
    const field = event.target.closest?.('#reference, #masks') ?? document.querySelector('#photo');
    const input = field?.querySelector('input[type=file]');
    if (!input) return;
    event.preventDefault();
    const files = new DataTransfer();
    files.items.add(file);
    input.files = files.files;
    input.dispatchEvent(new Event('change', {bubbles: true}));
  });

  // A name or a property that is clicked writes itself into the rule where the caret stood last.
  let caret = null;
  const box = () => document.querySelector('#expression textarea, #expression input');
  document.addEventListener('selectionchange', () => {
    if (document.activeElement === box()) caret = box().selectionStart;
  });
  document.addEventListener('click', (event) => {
    const chip = event.target.closest?.('#labels .chip');
    const field = box();
    if (!chip || !field) return;
    const at = Math.min(caret ?? field.value.length, field.value.length);
    const head = field.value.slice(0, at), tail = field.value.slice(at);
    const {word, condition} = chip.dataset;
    let text = condition, rest = tail;
    if (['', '*'].includes(field.value.trim())) rest = '';
    else if (/(^|[\s(])(and|or|not)\s*$|\($/i.test(head)) text = `${head.trimEnd()} ${condition}`.replace('( ', '(');
    else if (/[<>=,+*/-]\s*$/.test(head)) text = `${head.trimEnd()} ${word}`;
    else if (head.trim()) text = `${head.trimEnd()} and ${condition}`;
    else text = `${condition} and `;
    field.value = rest && !/^\s/.test(rest) && !text.endsWith(' ') ? `${text} ${rest}` : text + rest;
    caret = text.length;
    field.dispatchEvent(new Event('input', {bubbles: true}));
    field.focus();
    field.setSelectionRange(caret, caret);
  });

  // On a phone one step is open at a time: what is opened closes the others.
  const narrow = window.matchMedia('(max-width: 760px)');
  const steps = () => [...document.querySelectorAll('#steps > .step')];
  const label = (step) => step.querySelector(':scope > .label-wrap');
  const isOpen = (step) => label(step)?.classList.contains('open');
  const closeOthers = (kept) => {
    for (const step of steps()) if (step !== kept && isOpen(step)) label(step).click();
  };
  document.addEventListener('click', (event) => {
    const step = event.target.closest?.('#steps > .step');
    if (!narrow.matches || !step || !event.isTrusted) return;
    if (event.target.closest('.label-wrap') !== label(step)) return;
    requestAnimationFrame(() => {
      if (!isOpen(step)) return;
      closeOthers(step);
      // what closes above it would take it out of view
      requestAnimationFrame(() => step.scrollIntoView({block: 'start'}));
    });
  });
  if (narrow.matches) setTimeout(() => closeOthers(steps()[0]), 300);

  // Every field for files has its own name, where Gradio calls them all the same.
  const nameFields = () => {
    for (const field of document.querySelectorAll('.drop')) {
      const name = field.querySelector(':scope > label')?.textContent.trim();
      const button = field.querySelector('button:has(input[type=file])')
        ?? field.querySelector('input[type=file]')?.closest('button');
      if (name && button) button.setAttribute('aria-label', `${name}: choose, drop or paste`);
    }
  };

  // What is drawn anew takes the focus with it. Who works by keys finds it at what took its place:
  // the same button, another one of the same area, else one close by.
  const SETTLING_MS = 50;
  const REDRAWN = ['detail', 'filtered', 'remained', 'review', 'table', 'mask-list', 'notes', 'labels',
                   'help', 'status', 'photo', 'reference', 'masks', 'settings-file'];
  const CLOSE_BY = {'mask-list': '#masks button', 'notes': '#mask-list button', 'status': '#expression textarea',
                    'detail': '.area-card .pick', 'filtered': '.area-card .pick', 'remained': '.area-card .pick',
                    'review': '.area-card .pick', 'remove-reference': '#reference button',
                    'cancel': '#result [data-mode=result]'};
  const heirsOf = (one) => {
    const holder = REDRAWN.find((id) => one.closest(`#${id}`)) ?? one.id;
    if (!holder) return [];
    const same = Object.entries(one.dataset)
      .map(([name, said]) => `[data-${name}="${CSS.escape(said)}"]`).join('');
    const shown = one.closest('.detail')?.getAttribute('aria-label')?.replace(/\D/g, '');
    const number = one.dataset.of ?? shown;
    return [
      same && `#${holder} button${same}`,
      number && one.dataset.of && `#${holder} button[data-of="${number}"]`,
      number && one.dataset.of && `.area-card button[data-of="${number}"]`,
      number && `.area-card button.pick[data-number="${number}"]`,
      `#${holder} button`, CLOSE_BY[holder],
    ].filter(Boolean);
  };
  const isUsable = (one) => one?.checkVisibility() && !one.disabled;
  const dataOf = (one) => JSON.stringify(one.dataset);
  let isByKeys = false, focused = null, data = '', heirs = [], settling = 0;
  document.addEventListener('pointerdown', () => { isByKeys = false; }, true);
  document.addEventListener('keydown', () => { isByKeys = true; }, true);
  document.addEventListener('focusin', ({target}) => {
    [focused, data, heirs] = [target, dataOf(target), heirsOf(target)];
  });
  const findAgain = () => {
    if (!isByKeys || !focused) return;
    const isLost = document.activeElement === document.body && !isUsable(focused);
    // a button that has become another area's is not the one that was meant
    const isOther = document.activeElement === focused && focused.matches('button') && dataOf(focused) !== data;
    if (isLost || isOther) heirs.map((one) => document.querySelector(one)).find(isUsable)?.focus();
  };
  new MutationObserver(() => {
    nameFields();
    clearTimeout(settling);
    settling = setTimeout(findAgain, SETTLING_MS);
  }).observe(document.body, {childList: true, subtree: true, attributeFilter: ['data-of', 'data-number']});
  nameFields();
}
