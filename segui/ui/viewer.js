// The picture: result, before and after, areas. Gradio runs this with `element`, `props`, `watch`.
// A value holds the pictures that changed; the others stay as they are.
const find = (name) => element.querySelector(`.viewer-${name}`);
const stage = find('stage'), before = find('before'), after = find('after');
const divider = find('divider'), hold = find('hold'), empty = find('empty');
const modes = [...element.querySelectorAll('[data-mode]')];
const pictures = {photo: '', areas: '', result: ''};
let mode = 'result', held = false;

function show(image, source) {
  image.hidden = !source;
  if (source && image.src !== source) image.src = source;
}

function draw() {
  const usable = {result: pictures.result, compare: pictures.result, areas: pictures.areas};
  const shown = usable[mode] ? mode : 'photo';
  for (const button of modes) {
    button.disabled = !usable[button.dataset.mode];
    button.setAttribute('aria-pressed', String(button.dataset.mode === shown));
  }
  hold.disabled = !pictures.result;
  const isCompare = shown === 'compare' && !held;
  const main = held || shown === 'photo' ? pictures.photo
    : shown === 'areas' ? pictures.areas : pictures.result;
  show(after, main);
  show(before, isCompare ? pictures.photo : '');
  stage.classList.toggle('comparing', isCompare);
  stage.classList.toggle('is-empty', !main);
  divider.hidden = !isCompare;
  empty.hidden = Boolean(main);
  after.alt = held || shown === 'photo' ? 'The photo' : shown === 'areas'
    ? 'The photo with its numbered areas' : 'The result';
  stage.style.setProperty('--split', `${divider.value}%`);
}

function take() {
  const value = props.value || {};
  // the way of pasting was changed: show what came of it
  if (mode === 'areas' && value.result && !('areas' in value)) mode = 'result';
  for (const name of Object.keys(pictures)) if (name in value) pictures[name] = value[name];
  draw();
}

for (const button of modes) {
  button.addEventListener('click', () => { mode = button.dataset.mode; draw(); });
}
const press = (state) => () => { held = state; hold.setAttribute('aria-pressed', String(state)); draw(); };
hold.addEventListener('pointerdown', press(true));
for (const name of ['pointerup', 'pointerleave', 'pointercancel', 'blur']) {
  hold.addEventListener(name, press(false));
}
hold.addEventListener('keydown', (event) => {
  if (event.key === ' ' || event.key === 'Enter') { event.preventDefault(); press(true)(); }
});
hold.addEventListener('keyup', press(false));
divider.addEventListener('input', draw);
watch('value', take);
take();
