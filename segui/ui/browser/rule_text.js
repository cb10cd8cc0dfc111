// Where in the text of a rule a word or a condition goes that was clicked. What a rule means is read
// on the server; here it is only told what is due at a place, in the same signs.

const SIGNS = '\\u00ad\\u061c\\u180e\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2060-\\u2064\\u2066-\\u2069\\ufeff';
const HIDDEN = new RegExp(`[${SIGNS}]`, 'g'), HIDDEN_END = new RegExp(`[\\s${SIGNS}]+$`);
const CALL = /(^|[\s(,<>=≥≤≠])(max|min|sum|mean)\([^()]*$/;
const VALUE_IS_DUE = /[<>=≥≤≠⩾⩽≧≦≯≮,+*/×∗÷∕⁄−‒–—-]$/;
const CONDITION_IS_DUE = /(^|[\s()])(and|or|not)$|(&|\||[∧∨¬!])$|\($/i;
const QUOTES = {'"': '"', '“': '”', '„': '“”', '”': '”', '«': '»', '「': '」'};
const COMPARING = '<>=＜＞＝≥≤≠⩾⩽≧≦≯≮';
const COMPARED = new RegExp(`[${COMPARING}]`);
// Markdown's marks of emphasis and of code around the whole rule; `_` only around what no label ends with
const UNDERLINED =
  `^(\\s*(_{1,3}|~~))([^\\s_~](?:[^]*(?:[\\s${COMPARING}]-?[\\d.,]+\\s?%?|[)"”])))\\2\\s*$`;
const MARKED = [
  /^(\s*(\*{1,3}))([^\s*](?:[^]*[^\s*])?)\2\s*$/,
  new RegExp(UNDERLINED),
  /^(\s*(\x60+))([^\x60]+)\2\s*$/,
];
const ENDS = /[\s;；]*$/;

/** The text in the language's own signs, as far as they are one character each. */
const plain = (text) => text.replace(HIDDEN, '').normalize('NFKC').trimEnd();

const trimmed = (text) => text.replace(HIDDEN_END, '');

/** A place that is in no quoted name: behind it where the caret is inside. */
function outsideQuotes(text, caret) {
  let closing = '';
  for (let at = 0; at < text.length; at += 1) {
    if (at >= caret && !closing) return caret;
    if (text[at] === '\\' && closing) at += 1;
    else if (closing && closing.includes(text[at])) {
      closing = '';
      if (at >= caret) return at + 1;
    } else if (!closing) closing = QUOTES[text[at]] ?? '';
  }
  return closing ? text.length : caret;
}

/** A text without marks around it, and where its caret is then. */
function bare(text, caret) {
  let [whole, place] = [text, caret];
  for (const marked of MARKED) {
    const found = whole.match(marked);
    if (!found || !COMPARED.test(found[3])) continue;
    place = Math.max(0, place - found[1].length);
    whole = found[3];
  }
  return [whole, Math.min(place, whole.length)];
}

/**
 * The rule with a word or a condition in it, and where the caret is then.
 * @param {string} text the rule
 * @param {number} caret where it stands in it
 * @param {string} word what goes where a value is due
 * @param {string} condition what goes everywhere else
 * @returns {{text: string, caret: number}}
 */
export function inserted(text, caret, word, condition) {
  const [whole, place] = bare(text.replace(ENDS, (end) => (/[;；]/.test(end) ? '' : end)), caret);
  const at = outsideQuotes(whole, place);
  const head = whole.slice(0, at), tail = whole.slice(at), before = plain(head);
  let made = condition, rest = tail;
  if (['', '*'].includes(plain(whole).trim())) rest = '';
  else if (CALL.test(before)) made = `${trimmed(head)}${/,$/.test(before) ? ' ' : ''}${word}`;
  else if (CONDITION_IS_DUE.test(before)) made = `${trimmed(head)} ${condition}`.replace(/([(（]) /, '$1');
  else if (VALUE_IS_DUE.test(before)) made = `${trimmed(head)} ${word}`;
  else if (before.trim()) made = `${trimmed(head)} and ${condition}`;
  else made = `${condition} and `;
  const isApart = !rest || /^[\s)）]/.test(rest) || made.endsWith(' ');
  return {text: isApart ? made + rest : `${made} ${rest}`, caret: made.length};
}
