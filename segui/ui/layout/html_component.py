"""Pieces of HTML as components."""

from typing import Any

import gradio as gr

# What a button said when it was pressed counts: lists are told anew in place, so that until it is
# let go the same button may be another area's. A click by a key has no press.
_PRESSED = """
let pressed = null;
element.addEventListener('pointerdown', ({target}) => {
  const button = target.closest('button');
  pressed = button && {button, said: {...button.dataset}};
}, true);
const saidBy = (button, {detail}) =>
  (detail > 0 && pressed?.button === button ? pressed.said : {...button.dataset});
"""

# a click on one of the buttons in a piece becomes an event that carries the button's data
CLICKS_AS_EVENTS = (
    _PRESSED
    + """
element.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  if (button) trigger('select', saidBy(button, event));
});
"""
)

# the same for a menu, which what is chosen closes, and Escape, and a click beside it
MENU_CLICKS = (
    CLICKS_AS_EVENTS
    + """
const menu = element.querySelector('details');
const close = () => { menu.open = false; };
element.addEventListener('click', (event) => { if (event.target.closest('button')) close(); });
document.addEventListener('click', (event) => { if (!element.contains(event.target)) close(); });
element.addEventListener('focusout', ({relatedTarget}) => {
  if (relatedTarget && !element.contains(relatedTarget)) close();
});
element.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || !menu.open) return;
  close();
  menu.querySelector('summary').focus();
});
"""
)

# the same for the list of edits, whose names are written in their lines: Enter keeps one. The list
# may be told anew meanwhile, with all names hidden: the one that is being written stays
EDIT_CLICKS = (
    _PRESSED
    + """
let written = null;
const boxOf = (one) => one.closest('.edit').querySelector('.edit-name');
const begin = (box) => {
  written = box;
  box.hidden = false;
  box.focus();
};
const close = (box, isKept) => {
  if (box !== written) return;
  written = null;
  box.hidden = true;
  if (isKept && box.value !== box.defaultValue) {
    trigger('select', {of: box.dataset.of, name: box.value});
  } else box.value = box.defaultValue;
};
element.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  if (!button) return;
  const said = saidBy(button, event);
  if (said.rename === undefined) { trigger('select', said); return; }
  const box = boxOf(button);
  begin(box);
  box.select();
});
element.addEventListener('keydown', (event) => {
  const {target: box, key} = event;
  if (!box.matches('.edit-name') || !['Enter', 'Escape'].includes(key)) return;
  event.preventDefault();
  close(box, key === 'Enter');
  box.closest('.edit').querySelector('[data-rename]').focus();
});
element.addEventListener('focusout', ({target}) => {
  if (target === written && !target.hidden) close(target, true);
});
new MutationObserver(() => {
  if (!written?.isConnected) written = null;
  else if (written.hidden) begin(written);
}).observe(element, {childList: true, subtree: true, attributeFilter: ['hidden']});
"""
)

# the same for the list of masks; the frame's scripts open the painter by themselves
MASK_CLICKS = (
    _PRESSED
    + """
element.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  if (!button) return;
  const said = saidBy(button, event);
  if (said.paint === undefined) trigger('select', said);
  else document.dispatchEvent(new CustomEvent('segui-paint', {detail: {layer: said.paint}}));
});
"""
)

# files that were uploaded become an event that carries them, as often as files are
FILES_AS_EVENTS = """
for (const field of ['photo', 'reference', 'settings', 'masks', 'sticker', 'together']) {
  document.addEventListener(`segui-${field}`, ({detail}) => { trigger(field, {files: detail}); });
}
"""

# what all controls say is asked for by an event that stays in the browser: see link.js
READS_VALUES = "window.segui.readBy(() => trigger('read'));"


def said_by(event: gr.EventData) -> dict[str, Any]:
    """All that the browser sent: reading an attribute that it did not send would raise."""
    said = event._data  # noqa: SLF001
    return said if isinstance(said, dict) else {}


def piece(value: Any, *, elem_id: str | None = None, **options: Any) -> gr.HTML:
    """HTML in the page's own styles, without Gradio's for running text."""
    options = {"js_on_load": None, "apply_default_css": False, **options}
    return gr.HTML(value, elem_id=elem_id, **options)
