// On a phone the picture has the page: what it is made with stands in sheets, one of which may be
// open, and a bar at the foot opens them. One step of a sheet is open at a time.

export const NARROW = window.matchMedia('(max-width: 760px)');

const hasPhoto = () => Boolean(document.querySelector('#photo-card img'));

/** By name: what a sheet holds, and the step that it opens with where none is open. */
const SHEETS = {
  find: {holds: '#photo-step, #area-step', first: () => (hasPhoto() ? '#area-step' : '#photo-step')},
  edits: {holds: '#edit-step, #paste-step, #choose-step', first: () => '#paste-step'},
  areas: {holds: '#sides', first: () => null},
  save: {holds: '#save, #download, #ask-download, #question', first: () => null},
};
const SWIPE_PX = 70;
const OUTLINE_PX = 10;
const ABOVE = '#steps, #sides, #save, #download, #ask-download, #question, #bar, dialog';

const columns = () => document.querySelector('#columns');
const opened = () => columns().dataset.sheet ?? '';
const buttonOf = (name) => document.querySelector(`#bar [data-sheet="${name}"]`);
const label = (step) => step?.querySelector(':scope > .label-wrap');
const isOpen = (step) => Boolean(label(step)?.classList.contains('open'));
const steps = () => [...document.querySelectorAll('#steps > .step')];

function closeSteps(kept) {
  for (const step of steps()) if (step !== kept && isOpen(step)) label(step).click();
}

function openStep(step) {
  if (NARROW.matches) closeSteps(step);
  if (!isOpen(step)) label(step).click();
}

/** Opens a sheet in place of the one that is open, or closes that: '' is none. */
function show(name) {
  columns().dataset.sheet = name;
  for (const button of document.querySelectorAll('#bar button')) {
    button.setAttribute('aria-expanded', String(button.dataset.sheet === name));
  }
  if (!name) return;
  const {holds, first} = SHEETS[name];
  const isEmpty = first() && !steps().some((step) => step.matches(holds) && isOpen(step));
  if (isEmpty) openStep(document.querySelector(first()));
  bringPicture();
}

/** Above a sheet there is room for the picture and what is in its way, and for nothing else. */
function bringPicture() {
  const problem = document.querySelector('#problem');
  const first = problem?.checkVisibility() ? problem : document.querySelector('#result');
  scrollTo(0, scrollY + first.getBoundingClientRect().top);
}

/** What is in the way is told above the picture, and would push it below the sheet. */
function followProblem() {
  const problem = document.querySelector('#problem');
  if (!problem) return;
  new ResizeObserver(() => { if (NARROW.matches && opened()) bringPicture(); }).observe(problem);
}

/** Has something in view: its step is opened, and on a phone its sheet. */
export function reveal(one) {
  const step = one?.closest('#steps > .step');
  if (step) openStep(step);
  const name = Object.keys(SHEETS).find((sheet) => one?.closest(SHEETS[sheet].holds));
  if (NARROW.matches && name && opened() !== name) show(name);
}

function followBar() {
  document.addEventListener('click', (event) => {
    const name = event.target.closest?.('#bar button')?.dataset.sheet;
    if (!name) return;
    show(opened() === name ? '' : name);
    // by keys one goes on in what was opened, which stands before the bar
    if (event.detail === 0 && opened()) focusFirst(name);
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.defaultPrevented || !NARROW.matches || !opened()) return;
    if (document.querySelector('dialog[open], .painter-bar:not([hidden])')) return;
    const button = buttonOf(opened());
    show('');
    button.focus();
  });
}

/** What is gone to by keys is not below the picture, which stays, nor behind the bar or a sheet. */
function uncover() {
  const one = document.activeElement;
  if (one === document.body || one.closest(ABOVE)) return;
  const isOn = (sheet) => sheet.checkVisibility() && getComputedStyle(sheet).position === 'fixed';
  const sheet = [...document.querySelectorAll('#steps, #sides, #save')].find(isOn);
  const upper = (place) => place.getBoundingClientRect().top;
  if (sheet && one.getBoundingClientRect().bottom > upper(sheet)) show('');
  const {top, bottom} = one.getBoundingClientRect();
  const high = document.querySelector('#result').getBoundingClientRect().bottom + OUTLINE_PX;
  const low = upper(document.querySelector('#bar')) - OUTLINE_PX;
  if (bottom > low) scrollBy(0, bottom - low);
  else if (top < high && !one.closest('#result, #top')) scrollBy(0, top - high);
}

function followFocus() {
  document.addEventListener('keydown', ({key}) => {
    if (key === 'Tab' && NARROW.matches) requestAnimationFrame(uncover);
  });
}

function focusFirst(name) {
  const usable = [...document.querySelectorAll(SHEETS[name].holds)]
    .flatMap((place) => [place, ...place.querySelectorAll('button, input, a[href]')])
    .find((one) => one.matches('button, input, a[href]') && one.checkVisibility() && !one.disabled);
  usable?.focus();
}

/** A sheet that stands at its top and is drawn down goes. */
function followSwipes() {
  let from = null;
  document.addEventListener('touchstart', ({touches, target}) => {
    const sheet = target.closest?.('#steps, #sides, #save');
    const isDragged = target.matches?.('input[type=range]');
    const starts = opened() && sheet && !isDragged && touches.length === 1 && sheet.scrollTop <= 0;
    from = starts ? {x: touches[0].clientX, y: touches[0].clientY} : null;
  }, {passive: true});
  document.addEventListener('touchend', ({changedTouches: [last]}) => {
    if (!from) return;
    const down = last.clientY - from.y, aside = Math.abs(last.clientX - from.x);
    if (down > SWIPE_PX && down > 2 * aside) show('');
    from = null;
  }, {passive: true});
}

function followSteps() {
  document.addEventListener('click', (event) => {
    const step = event.target.closest?.('#steps > .step');
    if (!NARROW.matches || !step || !event.isTrusted) return;
    if (event.target.closest('.label-wrap') !== label(step)) return;
    requestAnimationFrame(() => {
      if (!isOpen(step)) return;
      closeSteps(step);
      // what closes above it would take it out of view
      requestAnimationFrame(() => step.scrollIntoView({block: 'start'}));
    });
  });
  if (NARROW.matches) setTimeout(() => closeSteps(), 300); // a sheet opens the one that is due
}

/** An area that is tapped in the picture is told of, and a name goes from there into the rule. */
function followAreas() {
  document.addEventListener('click', ({target}) => {
    if (target.closest?.('.viewer-areas path')) reveal(document.querySelector('#sides'));
    if (target.closest?.('#detail .chip')) reveal(document.querySelector('#choose-step'));
  }, true);
}

export function start() {
  followBar();
  followFocus();
  followSwipes();
  followSteps();
  followAreas();
  followProblem();
}
