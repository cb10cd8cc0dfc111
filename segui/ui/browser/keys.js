// What is done by keys alone: groups of choices, links past what stands first, and the list of keys.

import {reveal} from './sheets.js';

const TYPED = 'textarea, select, [contenteditable], input:not([type=file], [type=range], [type=checkbox], [type=radio])';
const USED = 'button, input, select, textarea, a[href], [tabindex="0"]';

/** A group of choices is one stop, and arrows choose in it: Gradio names each choice on its own. */
function groupChoices() {
  for (const group of document.querySelectorAll('fieldset')) {
    const radios = [...group.querySelectorAll('input[type=radio]')];
    const name = `choices-${group.id}`;
    if (!group.id || radios.every((one) => one.name === name)) continue;
    // a choice that joins a group takes the mark from the one that has it
    const chosen = radios.find((one) => one.checked);
    for (const one of radios) one.name = name;
    if (chosen) chosen.checked = true;
  }
}

const isUsable = (one) => one.checkVisibility({visibilityProperty: true}) && !one.disabled;

/** The first thing there that can be used; where there is none, the place itself. */
function goTo(selector) {
  reveal(document.querySelector(selector));
  const places = [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility());
  const usable = places.flatMap((place) => [place, ...place.querySelectorAll(USED)])
    .find((one) => one.matches(USED) && isUsable(one));
  const goal = usable ?? places[0];
  if (!goal) return;
  if (!usable) goal.tabIndex = -1;
  goal.focus();
  goal.scrollIntoView({block: 'nearest'});
}

function followSkips() {
  document.addEventListener('click', (event) => {
    const link = event.target.closest?.('[data-skip]');
    if (!link) return;
    event.preventDefault();  // what stands behind the address's # is not ours
    goTo(link.dataset.skip);
  });
}

function listKeys() {
  const list = () => document.querySelector('#keys');
  const open = () => { if (!list().open) list().showModal(); };
  document.addEventListener('click', (event) => {
    const {target} = event;
    if (target.closest?.('#keys-open')) open();
    // the dialog itself is hit beside what it holds
    else if (target === list() || target.closest?.('#keys [data-close]')) list().close();
  });
  document.addEventListener('keydown', (event) => {
    const isMeant = event.key === '?' && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (!isMeant || event.defaultPrevented || event.target.matches?.(TYPED)) return;
    event.preventDefault();
    open();
  });
}

/** What is folded says so: Gradio turns its arrow alone. */
function tellFolded() {
  for (const head of document.querySelectorAll('.label-wrap')) {
    const isOpen = String(head.classList.contains('open'));
    if (head.getAttribute('aria-expanded') !== isOpen) head.setAttribute('aria-expanded', isOpen);
  }
}

export function start() {
  const tidyUp = () => { groupChoices(); tellFolded(); };
  tidyUp();
  new MutationObserver(tidyUp).observe(document.body, {
    childList: true, subtree: true, attributeFilter: ['name', 'class'],
  });
  followSkips();
  listKeys();
}
