// What is said, asked or opened where nobody looks comes into view. The picture's column scrolls by
// itself; on a phone the page does, and what lies over its foot has a place of its own.

import {NARROW} from './sheets.js';

const find = (selector) => document.querySelector(selector);
const isSeen = (one) => Boolean(one?.checkVisibility());
// the picture stays where it is under a brush
const isPainting = () => isSeen(find('.painter-bar:not([hidden])'));

/** A sentence above the picture: a new one is seen, also by whoever has scrolled past its place. */
function followSentences() {
  let said = find('#problem')?.textContent.trim() ?? '';
  return () => {
    const place = find('#problem'), now = place?.textContent.trim() ?? '';
    if (now === said) return;
    said = now;
    if (!now || isPainting()) return;
    const {top} = place.getBoundingClientRect();
    if (NARROW.matches) scrollTo(0, scrollY + Math.min(0, top));
    else find('#middle').scrollTop += Math.min(0, top - find('#middle').getBoundingClientRect().top);
  };
}

/** What is asked before a picture is given away: all of it is seen, with both answers. */
function followQuestion() {
  let asked = null;
  // its answers are drawn after its words
  const grown = new ResizeObserver(() => asked?.scrollIntoView({block: 'nearest'}));
  return () => {
    const question = find('#question'), now = isSeen(question) ? question : null;
    if (now === asked) return;
    grown.disconnect();
    asked = now;
    if (asked) grown.observe(asked);
  };
}

function answerByEscape() {
  document.addEventListener('keydown', (event) => {
    const isMeant = event.key === 'Escape' && !event.defaultPrevented && isSeen(find('#question'));
    if (!isMeant || !event.target.closest('#question, #ask-download')) return;
    event.preventDefault();  // else a phone's sheet would go with it
    find('#go-back').click();
  });
}

/** A group that is opened below the picture is opened to be used. */
function followGroups() {
  document.addEventListener('click', ({target}) => {
    const group = target.closest?.('#middle .label-wrap')?.parentElement;
    if (!group) return;
    requestAnimationFrame(() => requestAnimationFrame(() => {
      if (group.querySelector(':scope > .label-wrap.open')) group.scrollIntoView({block: 'nearest'});
    }));
  });
}

export function start() {
  const follow = [followSentences(), followQuestion()];
  new MutationObserver(() => follow.forEach((one) => one())).observe(find('#middle'), {
    childList: true, subtree: true, characterData: true, attributeFilter: ['class', 'hidden', 'style'],
  });
  answerByEscape();
  followGroups();
}
