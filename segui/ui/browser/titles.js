// What other programs call a control, for whoever points at its name.

/** @param {Object<string, string>} titles  by the control's id */
export function start(titles) {
  const label = () => {
    for (const [id, title] of Object.entries(titles)) {
      const name = document.querySelector(`#${id} [data-testid="block-info"], #${id} label > span`);
      if (name instanceof HTMLElement && name.title !== title) name.title = title;
    }
  };
  label();
  new MutationObserver(label).observe(document.body, {childList: true, subtree: true});
}
