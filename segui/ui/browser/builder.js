// The rule as a line of choices, and the scores it is about as dots. The text of a rule is made on
// the server: only what was chosen is sent.

/**
 * What is shown. The same keys stand in view/messages.py.
 * @typedef {object} BuilderValue
 * @property {boolean} known whether there are scores
 * @property {string[]} labels the best-scored first
 * @property {string} text the rule as it stands in its box
 * @property {Threshold[]} rows
 * @property {Threshold | null} simple the rule, where it is one comparison of a label without quotes
 * @property {boolean} can_join whether the rule can be read, and so added to
 * @property {Record<string, [number, number, string][]>} dots by label: each area's number, score, side
 */

/**
 * One comparison of the rule.
 * @typedef {object} Threshold
 * @property {string} label
 * @property {string} sign
 * @property {number} value
 * @property {number} index which of the rule's thresholds it is, from 0
 */

/**
 * What is told, by the names of the events.
 * @typedef {object} BuilderEvents
 * @property {RuleEvent} rule the rule is to be this one
 * @property {JoinEvent} join one more condition
 * @property {ThresholdEvent} threshold a threshold moves
 * @property {SelectEvent} select a dot was clicked
 */

/**
 * @typedef {object} RuleEvent
 * @property {string} label
 * @property {string} sign
 * @property {number} value
 */

/**
 * @typedef {object} JoinEvent
 * @property {string} word 'and' or 'or'
 * @property {string} label
 * @property {string} sign
 * @property {number} value
 */

/**
 * @typedef {object} ThresholdEvent
 * @property {number} index
 * @property {number} value
 * @property {boolean} final whether it does not move any more
 */

/** @typedef {import('./frame/messages.js').SelectEvent} SelectEvent */

const SIGNS = {'>': '>', '<': '<', '>=': '≥', '<=': '≤', '=': '=', '!=': '≠'};
const FIRST_VALUE = 0.5;
const DOT_PX = 7, STACK_PX = 40;
const EVERY_MS = 60, PATIENCE_MS = 1000;

const SIDES = {filtered: 'chosen', remained: 'left out', review: 'to review'};

/** @type {BuilderValue} */
const NOTHING = {known: false, labels: [], text: '', rows: [], simple: null, can_join: false, dots: {}};

const percent = (fraction) => `${Number((fraction * 100).toFixed(1))}%`;
const clipped = (fraction) => Math.min(1, Math.max(0, fraction));
const isBusy = (input) => document.activeElement === input;

// A name may be empty, which is also the value of no choice.
const EMPTY = '\u0000';
const valueOf = (label) => (label === '' ? EMPTY : label);
const labelOf = (value) => (value === EMPTY ? '' : value);

/** Names as a list shows them: blank ones in quotes, and a later one that looks the same numbered. */
function shownNames(labels) {
  const times = new Map();
  return labels.map((label) => {
    const look = label.normalize('NFC'), count = (times.get(look) ?? 0) + 1;
    times.set(look, count);
    const name = label.trim() ? label : `"${label}"`;
    return count > 1 ? `${name} (${count})` : name;
  });
}

function fill(select, labels, chosen) {
  const first = document.createElement('option');
  first.value = '';
  first.textContent = 'choose a name';
  const names = shownNames(labels);
  const options = labels.map((label, place) => new Option(names[place], valueOf(label)));
  select.replaceChildren(first, ...options);
  select.value = chosen;
}

/**
 * What Gradio runs a script with.
 * @param {object} gradio
 * @param {HTMLElement} gradio.element
 * @param {{value: BuilderValue | null}} gradio.props
 * @param {(name: string, react: () => void) => void} gradio.watch
 * @param {(name: string, data: object) => void} gradio.trigger
 */
export function start({element, props, watch, trigger}) {
  /** @type {(name: string) => any} */
  const find = (name) => element.querySelector(`.builder${name}`);
  const root = find(''), rowsBox = find('-rows'), note = find('-note');
  const more = find('-more'), word = find('-word');
  const within = (line) => ({
    label: line.querySelector('.builder-label'),
    sign: line.querySelector('.builder-sign'),
    readout: line.querySelector('.builder-value'),
  });
  const line = within(find('-line')), added = within(more);
  /** @type {NodeListOf<HTMLButtonElement>} */
  const joinButtons = element.querySelectorAll('[data-join]');
  const joins = [...joinButtons];
  /** @type {BuilderValue} */
  let value = NOTHING, rows = [];

  // --- thresholds on their way: one at a time, not too often, and never without the last one
  const waiting = new Map();
  let sentAt = -Infinity, isUnderWay = false, timer = null;

  function send() {
    clearTimeout(timer);
    if (!waiting.size) return;
    const since = performance.now() - sentAt;
    const wait = (isUnderWay ? PATIENCE_MS : EVERY_MS) - since;
    if (wait > 0) {
      timer = setTimeout(send, wait);
      return;
    }
    const [index, said] = waiting.entries().next().value;
    waiting.delete(index);
    sentAt = performance.now();
    isUnderWay = true;
    trigger('threshold', {index, ...said});
    send();
  }

  // --- the line of choices
  function drawLine() {
    const {simple} = value;
    const labels = !simple || value.labels.includes(simple.label)
      ? value.labels : [simple.label, ...value.labels];
    const listed = JSON.stringify(labels);
    if (!isBusy(line.label)) {
      if (line.label.dataset.listed !== listed) fill(line.label, labels, '');
      line.label.dataset.listed = listed;
      line.label.value = simple ? valueOf(simple.label) : '';
    }
    if (simple && !isBusy(line.sign)) line.sign.value = simple.sign;
    const isDragged = rows.length > 0 && rows[0].isDragged;
    line.readout.hidden = !simple;
    if (simple && !isDragged) line.readout.textContent = percent(simple.value);
    note.hidden = Boolean(simple) || value.text.trim() === '*' || value.text.trim() === '';
    for (const button of joins) button.disabled = !value.can_join;
    if (!value.can_join) openMore('');
  }

  function sendRule() {
    if (!line.label.value) return;
    const now = value.simple ? rows[0]?.shown ?? value.simple.value : FIRST_VALUE;
    waiting.clear();
    trigger('rule', {label: labelOf(line.label.value), sign: line.sign.value, value: now});
  }

  function openMore(which) {
    more.hidden = !which;
    word.textContent = which;
    for (const button of joins) button.setAttribute('aria-expanded', String(button.dataset.join === which));
    if (!which) return;
    const used = new Set(value.rows.map((row) => row.label));
    const unused = value.labels.find((label) => !used.has(label));
    fill(added.label, value.labels, unused === undefined ? '' : valueOf(unused));
    added.label.focus();
  }

  function sendJoin() {
    if (!added.label.value) {
      added.label.focus();
      return;
    }
    trigger('join', {
      word: word.textContent, label: labelOf(added.label.value), sign: added.sign.value, value: FIRST_VALUE,
    });
    const button = joins.find((one) => one.dataset.join === word.textContent);
    openMore('');
    button.focus();
  }

  // --- the plot
  function makeRow() {
    const box = document.createElement('div');
    box.className = 'builder-row';
    box.innerHTML = `
      <span class="builder-name"></span>
      <div class="builder-strip">
        <div class="builder-dots" role="img"></div>
        <div class="builder-mark"></div>
        <input class="builder-range" type="range" min="0" max="100" step="1">
      </div>
      <output class="builder-figure"></output>`;
    const part = (name) => box.querySelector(`.builder-${name}`);
    const row = {
      box, name: part('name'), dots: part('dots'), mark: part('mark'), range: part('range'),
      figure: part('figure'), is: null, shown: null, isDragged: false,
    };
    row.range.addEventListener('pointerdown', () => { row.isDragged = true; });
    for (const name of ['pointerup', 'pointercancel']) {
      row.range.addEventListener(name, () => { row.isDragged = false; });
    }
    row.range.addEventListener('blur', () => { row.isDragged = false; draw(); });
    row.range.addEventListener('input', () => move(row, false));
    row.range.addEventListener('change', () => move(row, true));
    return row;
  }

  function move(row, isFinal) {
    const now = Number(row.range.value) / 100;
    show(row, now);
    waiting.set(row.is.index, {value: now, final: isFinal});
    send();
  }

  function show(row, now) {
    row.shown = now;
    row.mark.style.left = percent(clipped(now));
    row.figure.textContent = `${SIGNS[row.is.sign]} ${percent(now)}`;
    row.range.setAttribute('aria-valuetext', percent(now));
    if (value.simple) line.readout.textContent = percent(now);
  }

  function drawRow(row, is, place) {
    const isSame = row.is?.label === is.label && row.is?.index === is.index;
    row.is = is;
    row.name.textContent = is.label;
    row.name.title = is.label;
    const isFixed = is.value === undefined;
    row.range.hidden = row.mark.hidden = row.figure.hidden = isFixed;
    if (!isFixed) {
      const before = value.rows.slice(0, place).filter((other) => other.label === is.label).length;
      row.range.setAttribute('aria-label', `Threshold of ${is.label}${before ? ` (${before + 1})` : ''}`);
      // what a hand is on stays under that hand
      if (!isSame || !(row.isDragged || isBusy(row.range) || waiting.has(is.index))) {
        row.range.value = String(Math.round(clipped(is.value) * 100));
        show(row, is.value);
      } else {
        show(row, row.shown);
      }
    }
    drawDots(row, value.dots[is.label] ?? []);
  }

  function drawDots(row, dots) {
    while (row.dots.childElementCount > dots.length) row.dots.lastChild.remove();
    while (row.dots.childElementCount < dots.length) row.dots.append(document.createElement('span'));
    // every place along the strip has its stack; one that is too high is pressed together
    const columns = Math.max(1, Math.floor((row.dots.clientWidth || 240) / DOT_PX));
    const columnOf = (score) => Math.round(clipped(score) * columns);
    const heights = new Map();
    for (const [, score] of dots) heights.set(columnOf(score), (heights.get(columnOf(score)) ?? 0) + 1);
    const used = new Map(), counts = {filtered: 0, remained: 0, review: 0};
    dots.forEach(([number, score, side], place) => {
      const dot = row.dots.children[place], column = columnOf(score);
      const level = used.get(column) ?? 0, height = heights.get(column);
      used.set(column, level + 1);
      counts[side] += 1;
      const step = height > 1 ? Math.min(DOT_PX, (STACK_PX - DOT_PX) / (height - 1)) : 0;
      dot.className = `builder-dot side-${side}`;
      dot.dataset.number = number;
      dot.title = `Area ${number}: ${percent(score)}, ${SIDES[side]}`;
      dot.style.left = percent(clipped(score));
      dot.style.bottom = `${(level * step).toFixed(1)}px`;
    });
    const said = Object.keys(SIDES).filter((side) => counts[side])
      .map((side) => `${counts[side]} ${SIDES[side]}`);
    row.dots.setAttribute('aria-label', `Scores of ${row.is.label}: ${said.join(', ') || 'none'}`);
  }

  function drawRows() {
    const wanted = value.rows.length ? value.rows
      : Object.keys(value.dots).map((label) => ({label, sign: '', index: -1}));
    while (rows.length > wanted.length) rows.pop().box.remove();
    while (rows.length < wanted.length) {
      rows.push(makeRow());
      rowsBox.append(rows.at(-1).box);
    }
    wanted.forEach((is, place) => drawRow(rows[place], is, place));
  }

  function draw() {
    root.hidden = !value.known;
    root.classList.toggle('builder-known', value.known); // for the page's styles
    if (!value.known) return;
    drawLine();
    drawRows();
  }

  function take() {
    value = {...NOTHING, ...props.value};
    isUnderWay = false;
    draw();
    send();
  }

  line.label.addEventListener('change', sendRule);
  line.sign.addEventListener('change', sendRule);
  for (const select of [line.label, line.sign]) select.addEventListener('blur', draw);
  element.addEventListener('click', ({target}) => {
    if (!(target instanceof Element)) return;
    /** @type {HTMLElement | null} */
    const dot = target.closest('.builder-dot');
    if (dot) trigger('select', {number: Number(dot.dataset.number)});
    const button = target.closest('button');
    if (!button) return;
    if (button.dataset.join) openMore(word.textContent === button.dataset.join ? '' : button.dataset.join);
    if (button.dataset.do === 'add') sendJoin();
    if (button.dataset.do === 'cancel') openMore('');
  });
  more.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') openMore('');
  });
  new ResizeObserver(() => {
    if (value.known) rows.forEach((row) => drawDots(row, value.dots[row.is.label] ?? []));
  }).observe(rowsBox);
  watch('value', take);
  take();
}
