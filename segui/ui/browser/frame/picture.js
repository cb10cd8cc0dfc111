// Which picture is shown: result, before and after, areas, and the photo while a button is held.

const NO_PHOTO = 'Add a photo first';

// What cannot be pressed now says why; else its title is what it does.
function allow(button, isAble, why) {
  button.dataset.title ??= button.title;
  button.disabled = !isAble;
  button.title = isAble ? button.dataset.title : why;
}

function show(image, source) {
  image.hidden = !source;
  if (source && image.src !== source) image.src = source;
}

/**
 * @param {ReturnType<typeof import('./parts.js').partsOf>} parts
 * @param {import('./messages.js').FrameMessage} has
 * @param {ReturnType<typeof import('./live.js').makeLive>} preview
 * @param {ReturnType<typeof import('./looks.js').makeLooks>} looks
 */
export function makePicture(parts, has, preview, looks) {
  const {stage, sheet, before, after, live, divider, hold, modes, zooms, empty} = parts;
  let mode = 'result', isHeld = false;

  // The mode, or what is shown in its place.
  function shownNow() {
    const usable = {result: has.result, compare: has.result, areas: has.photo && has.shapes.length};
    allowModes(usable);
    // with areas and nothing to paste yet, the areas are what there is to see
    return usable[mode] ? mode : usable.areas ? 'areas' : 'photo';
  }

  function allowModes(usable) {
    for (const button of modes) {
      const what = button.dataset.mode === 'areas' ? 'are no areas' : 'is no result';
      allow(button, usable[button.dataset.mode], `There ${what} yet`);
    }
    allow(hold, has.result, has.photo ? 'There is no result yet' : NO_PHOTO);
    for (const button of zooms) allow(button, has.photo, NO_PHOTO);
  }

  function draw() {
    const shown = shownNow();
    const isCompare = shown === 'compare' && !isHeld;
    const isOld = isHeld || shown === 'photo' || shown === 'areas';
    for (const button of modes) {
      button.setAttribute('aria-pressed', String(button.dataset.mode === shown));
    }
    show(after, isOld ? has.photo : has.result);
    show(before, isCompare ? has.photo : '');
    live.hidden = isOld || !preview.isShown;
    sheet.hidden = !has.photo;
    stage.classList.toggle('comparing', isCompare);
    stage.classList.toggle('is-empty', !has.photo);
    stage.classList.toggle('shows-areas', shown === 'areas' && !isHeld);
    divider.hidden = !isCompare;
    empty.hidden = Boolean(has.photo);
    after.alt = isHeld || shown === 'photo' ? 'The photo' : shown === 'areas'
      ? 'The photo with its numbered areas' : 'The result';
    stage.style.setProperty('--split', `${divider.value}%`);
    looks.draw(isOld || !preview.isShown, isOld, isCompare);
  }

  const press = (state) => () => {
    isHeld = state;
    hold.setAttribute('aria-pressed', String(state));
    draw();
  };
  hold.addEventListener('pointerdown', press(true));
  for (const name of ['pointerup', 'pointerleave', 'pointercancel', 'blur']) {
    hold.addEventListener(name, press(false));
  }
  hold.addEventListener('keydown', (event) => {
    if (event.key === ' ' || event.key === 'Enter') { event.preventDefault(); press(true)(); }
  });
  hold.addEventListener('keyup', press(false));
  divider.addEventListener('input', draw);
  for (const button of modes) {
    button.addEventListener('click', () => { mode = button.dataset.mode; draw(); });
  }

  return {
    draw,
    showAreas() { mode = 'areas'; },
    /** What comes of another way of pasting is not seen among the areas. */
    leaveAreas() { if (mode === 'areas') mode = 'result'; },
  };
}
