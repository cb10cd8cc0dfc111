// Pictures of areas are files: they come after the words beside them.

const isComing = (one) => one instanceof HTMLImageElement && !one.complete && /^https?:/.test(one.src);

/** Shows no picture in place of one that is still to come.
 *
 * Lists are told anew in place, and of an image whose address changes a browser shows the former
 * picture until the new one is there: a card would have an area of another photo as long as that.
 */
export function start() {
  new MutationObserver((changes) => {
    for (const {target} of changes) if (isComing(target)) target.replaceWith(target.cloneNode());
  }).observe(document.body, {subtree: true, attributeFilter: ['src']});
}
