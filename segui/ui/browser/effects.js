// The effects in a few groups, of which one is seen: a list of all of them is too long for a phone.
// They stay one group of choices. What is chosen is seen in whichever group is looked at. An edit
// that is opened shows the group of its effect, once: what is chosen later changes no group.

const nameOf = (label) => label.querySelector('input').value;

/** @param {Object<string, string[]>} groups  the effects of each group, by its title */
export function start(groups) {
  const titles = Object.keys(groups);
  const groupOf = (name) => titles.find((title) => groups[title].includes(name));
  let seen = titles[0], opened = '', isChoosing = false;

  function heads(field) {
    const made = document.createElement('div');
    made.className = 'effect-groups';
    made.setAttribute('role', 'group');
    made.setAttribute('aria-label', 'Which effects are seen');
    made.append(...titles.map((title) => {
      const head = Object.assign(document.createElement('button'), {
        type: 'button', className: 'small-button', textContent: title,
      });
      head.addEventListener('click', () => { seen = title; draw(); });
      return head;
    }));
    field.querySelector('.wrap:has(> label)').before(made);
    return made;
  }

  /** The edits' list says which one is open, and its effect: the choices may be of the one before. */
  function follow() {
    const {open = '', effect = ''} = document.querySelector('#edits .is-open > [data-open]')?.dataset ?? {};
    if (!open || open === opened) return;
    opened = open;
    // who chooses while the answer is on its way chooses for that edit
    if (isChoosing) return;
    seen = groupOf(effect) ?? seen;
    draw();
  }

  function draw() {
    const field = document.querySelector('#effect');
    const labels = [...(field?.querySelectorAll('label:has(input[type=radio])') ?? [])];
    if (!labels.length) return;
    const row = field.querySelector('.effect-groups') ?? heads(field);
    for (const head of row.children) {
      const isSeen = String(head.textContent === seen);
      if (head.getAttribute('aria-pressed') !== isSeen) head.setAttribute('aria-pressed', isSeen);
    }
    for (const label of labels) {
      const group = groupOf(nameOf(label)), isFolded = group !== seen;
      if (label.dataset.group !== group) label.dataset.group = group;
      if (label.classList.contains('folded') !== isFolded) label.classList.toggle('folded', isFolded);
    }
  }

  // scripts click, too
  for (const kind of ['pointerdown', 'keydown']) {
    document.addEventListener(kind, ({target}) => { isChoosing = Boolean(target.closest?.('#effect')); }, true);
  }
  draw();
  follow();
  new MutationObserver(follow).observe(document.querySelector('#edits'), {
    childList: true, subtree: true, attributeFilter: ['class', 'data-open'],
  });
  // Gradio draws the choices anew, and each one's class with the choice, inside their step
  new MutationObserver(draw).observe(document.querySelector('#paste-step'), {
    childList: true, subtree: true, attributeFilter: ['class'],
  });
}
