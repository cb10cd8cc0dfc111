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
    requestAnimationFrame(() => { if (isOpen(step)) closeOthers(step); });
  });
  if (narrow.matches) setTimeout(() => closeOthers(steps()[0]), 300);
}
