() => {
  /* global inserted */ // of rule_text.js
  const WAIT_MS = 50;
  // Files that are given to a field for files, as if they were chosen there.
  const give = (field, given) => {
    if (!field || !given.length) return;
    const input = field.querySelector('input[type=file]');
    // while files are on their way, the field shows how far they are in its place, then for a moment
    // their names
    if (!input || field.querySelector('.file-preview')) {
      setTimeout(() => give(field, given), WAIT_MS);
      return;
    }
    const files = new DataTransfer();
    for (const file of input.multiple ? given : given.slice(0, 1)) files.items.add(file);
    input.files = files.files;
    input.dispatchEvent(new Event('change', {bubbles: true}));
  };
  const photoField = () => document.querySelector('#photo');
  const filesOf = (data) => [...(data?.files ?? [])];
  // some systems know no kind for the rarer formats
  const isPicture = ({type, name}) =>
    (type ? type.startsWith('image/') : /\.(a?png|jpe?g|webp|tiff?|gif|bmp|avif|hei[cf]|mpo)$/i.test(name));
  const isText = ({name}) => /\.(json|csv|py|tsv|txt|names|gpl|ya?ml|pbtxt|xml)$/i.test(name);
  const isProject = ({name}) => /\.zip$/i.test(name);
  const isKnown = (file) => [isPicture, isText, isProject].some((is) => is(file));
  // of what is of no use its name alone goes to the server, which says so
  const nameOf = ({name}) => new File([], name);
  // One picture is the photo. What else it may be, or what several are, the server tells apart.
  const giveAnywhere = (all) => {
    const files = all.map((file) => (isKnown(file) ? file : nameOf(file)));
    const isPhoto = files.length === 1 && isPicture(files[0]);
    give(isPhoto ? photoField() : document.querySelector('#together'), files);
  };
  const isForText = (one) => one.closest?.(
    'textarea, [contenteditable], input:not([type=file], [type=range], [type=checkbox], [type=radio])');

  // A picture pasted from the clipboard becomes the photo, or what the field in focus is for. Cells
  // of a sheet come as text and as a picture of it: where text is written, they are text.
  document.addEventListener('paste', (event) => {
    const pictures = filesOf(event.clipboardData).filter(isPicture);
    if (!pictures.length) return;
    if (isForText(event.target) && event.clipboardData.types.includes('text/plain')) return;
    event.preventDefault();
    give(event.target.closest?.('#reference, #masks') ?? photoField(), pictures.slice(0, 1));
  });

  // A picture let go anywhere beside the fields for files becomes the photo too, and several files
  // what each of them is. Whatever else is let go there, the browser would leave the page to show it.
  let isFromHere = false;
  document.addEventListener('dragstart', () => { isFromHere = true; });
  document.addEventListener('dragend', () => { isFromHere = false; });
  const wouldLeave = (event) => {
    const kinds = [...(event.dataTransfer?.types ?? [])];
    if (event.defaultPrevented) return false;  // a field for files has taken it
    return kinds.includes('Files') || (kinds.includes('text/uri-list') && !isForText(event.target));
  };
  document.addEventListener('dragover', (event) => { if (wouldLeave(event)) event.preventDefault(); });
  document.addEventListener('drop', (event) => {
    if (!wouldLeave(event)) return;
    event.preventDefault();
    const isOwn = isFromHere;
    isFromHere = false;  // what was dragged may be gone by now, and says nothing of its end
    if (isOwn) return;
    const field = event.target.closest?.('.drop'), files = filesOf(event.dataTransfer);
    if (field) give(field, files);
    else giveAnywhere(files);
  });
  // A field for one file would take the first of several, and say nothing of the others.
  document.addEventListener('drop', (event) => {
    const files = filesOf(event.dataTransfer);
    if (files.length < 2 || !event.target.closest?.('#photo, #settings-file')) return;
    event.preventDefault();
    event.stopPropagation();
    event.target.dispatchEvent(new DragEvent('dragleave', {bubbles: true}));
    giveAnywhere(files);
  }, true);

  // A name or a property that is clicked writes itself into the rule where the caret stood last.
  let caret = null;
  const box = () => document.querySelector('#expression textarea, #expression input');
  document.addEventListener('selectionchange', () => {
    if (document.activeElement === box()) caret = box().selectionStart;
  });
  document.addEventListener('click', (event) => {
    const chip = event.target.closest?.('#labels .chip, #detail .chip');
    const field = box();
    if (!chip || !field) return;
    const {word, condition} = chip.dataset;
    const made = inserted(field.value, caret ?? field.value.length, word, condition);
    field.value = made.text;
    caret = made.caret;
    field.dispatchEvent(new Event('input', {bubbles: true}));
    field.focus();
    field.setSelectionRange(caret, caret);
  });

  // Ctrl+Z takes back what was done last, Ctrl+Shift+Z or Ctrl+Y does it again; in a box for text
  // these keys are the text's own, and while painting the brush's.
  document.addEventListener('keydown', (event) => {
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || event.altKey || !['z', 'y'].includes(key)) return;
    if (event.defaultPrevented || isForText(event.target)) return;
    if (document.querySelector('.painter-bar:not([hidden])')) return;
    const isRedo = key === 'y' || event.shiftKey;
    event.preventDefault();
    document.querySelector(isRedo ? '#redo' : '#undo')?.click();
  });

  // A list of choices closes when one goes on by Tab: Gradio opens it by that key.
  document.addEventListener('keydown', ({key, target}) => {
    if (key !== 'Tab' || !target.matches?.('[role=combobox]')) return;
    const escape = new KeyboardEvent('keydown', {key: 'Escape', bubbles: true, cancelable: true});
    setTimeout(() => target.dispatchEvent(escape));
  }, true);
  // Escape closes an open list alone, and nothing that it stands in: that goes by a second one.
  document.addEventListener('keydown', (event) => {
    const {key, target, isTrusted} = event;
    if (key !== 'Escape' || !target.matches?.('[role=combobox]')) return;
    if (!isTrusted || target.getAttribute('aria-expanded') === 'true') event.preventDefault();
  }, true);

  // An open list of choices stays at its box: Gradio has it follow the page's scrolling alone.
  document.addEventListener('scroll', ({target}) => {
    const isElse = target !== document && !target.matches('[role=listbox]');
    if (isElse && document.querySelector('[role=listbox]')) window.dispatchEvent(new Event('scroll'));
  }, {capture: true, passive: true});

  // Every field for files has its own name, where Gradio calls them all the same.
  const nameFields = () => {
    for (const field of document.querySelectorAll('.drop')) {
      const name = field.querySelector(':scope > label')?.textContent.trim();
      const button = field.querySelector('button:has(input[type=file])')
        ?? field.querySelector('input[type=file]')?.closest('button');
      if (name && button) button.setAttribute('aria-label', `${name}: choose, drop or paste`);
    }
  };

  // In some boxes one may type more than the slider beside them goes up to: "typed-to-500". Gradio
  // would take them back to the slider's end when they are left.
  const mostOf = (block) => block?.className.match(/\btyped-to-(\d+)/)?.[1];
  const leaveTyped = () => {
    for (const block of document.querySelectorAll('[class*="typed-to-"]')) {
      const number = block.querySelector('input[type=number]');
      if (number) set(number, 'max', mostOf(block));
    }
  };
  document.addEventListener('blur', (event) => {
    const {target} = event;
    const most = target.matches?.('input[type=number]') && mostOf(target.closest('[class*="typed-to-"]'));
    if (!most || target.value === '') return;
    event.stopPropagation();
    if (Number(target.value) <= Number(most)) return;
    target.value = most;
    target.dispatchEvent(new Event('input', {bubbles: true}));
  }, true);

  // What changes is read out: what says it stays where it is while its inside is drawn anew.
  const SAID = ['status', 'expression-error', 'rules-error'];
  const set = (one, name, said) => {
    if (said === null) one.removeAttribute(name);
    else if (one.getAttribute(name) !== said) one.setAttribute(name, said);
  };
  const readOut = () => {
    for (const place of SAID.map((id) => document.getElementById(id)).filter(Boolean)) {
      set(place, 'role', 'status');
      set(place, 'aria-live', 'polite');
      set(place, 'aria-atomic', 'true');
    }
    for (const [field, id] of [[box(), 'expression-error'], [document.querySelector('#rules textarea'), 'rules-error']]) {
      const error = document.getElementById(id);
      if (!field || !error) continue;
      // a hint stands there too, at a rule that can be read
      set(field, 'aria-invalid', error.querySelector('.caret-line') ? 'true' : null);
      set(field, 'aria-describedby', error.textContent.trim() ? error.id : null);
    }
  };

  // What cannot be pressed now says why.
  const whyNotTaken = () => {
    if (!document.querySelector('#photo-card img')) return 'Add a photo first';
    const stale = document.querySelector('.viewer-stale:not([hidden])');
    if (stale) return stale.textContent;
    if (!document.querySelector('.area-card')) return 'There are no areas yet: say where they are';
    return document.querySelector('#problem')?.textContent.trim() || 'There is no result yet';
  };
  const explain = () => {
    const others = {paint: 'Add a photo first', undo: 'There is nothing to undo',
                    redo: 'There is nothing to do again'};
    for (const button of document.querySelectorAll('#download, #takes button, #take-groups .row button, #paint, #undo, #redo')) {
      const why = others[button.id] ?? whyNotTaken();
      set(button, 'title', button.disabled ? why : null);
    }
  };

  // What is drawn anew takes the focus with it. Who works by keys finds it at what took its place:
  // the same button, another one of the same area, else one close by.
  const SETTLING_MS = 50;
  const REDRAWN = ['edits', 'detail', 'filtered', 'remained', 'review', 'table', 'mask-list', 'notes', 'labels',
                   'help', 'status', 'photo', 'reference', 'masks', 'settings-file'];
  const CLOSE_BY = {'edits': '#edits button', 'mask-list': '#masks button', 'notes': '#mask-list button', 'status': '#expression textarea',
                    'detail': '.area-card .pick', 'filtered': '.area-card .pick', 'remained': '.area-card .pick',
                    'review': '.area-card .pick', 'remove-reference': '#reference button',
                    'cancel': '#result [data-mode=result]',
                    'go-back': '#ask-download', 'download-anyway': '#ask-download',
                    'hide-undecided': '#download'};
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
  // a list that scrolls is a stop of its own, and gone when one comes there
  const passLists = () => {
    for (const list of document.querySelectorAll('.option-list')) set(list, 'tabindex', '-1');
  };
  // What is folded at first was open for a moment: see layout/folded.py.
  const folded = new WeakSet();
  const foldAtFirst = () => {
    for (const head of document.querySelectorAll('.folded-at-first > .label-wrap.open')) {
      if (folded.has(head)) continue;
      folded.add(head);
      head.click();
    }
    document.documentElement.classList.add('has-folded');
  };
  // over plain HTTP, and in some browsers, nothing but text can be copied
  const canCopyPictures = Boolean(navigator.clipboard?.write && window.ClipboardItem);
  const hideCopying = () => {
    const button = document.querySelector('#take-copy');
    if (button && !canCopyPictures) button.style.setProperty('display', 'none', 'important');
  };
  const tidyUp = () => { foldAtFirst(); hideCopying(); nameFields(); leaveTyped(); readOut(); explain(); passLists(); };
  new MutationObserver(() => {
    tidyUp();
    clearTimeout(settling);
    settling = setTimeout(findAgain, SETTLING_MS);
  }).observe(document.body, {
    childList: true, subtree: true, attributeFilter: ['data-of', 'data-number', 'disabled', 'hidden'],
  });
  tidyUp();
}
