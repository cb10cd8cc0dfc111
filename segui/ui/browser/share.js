// The result goes to another app by the system's own sheet, where there is one for files.

const PICTURE = new File([], 'picture.png', {type: 'image/png'});
const canShare = () => Boolean(navigator.share && navigator.canShare?.({files: [PICTURE]}));

/** @param {{url: string, orig_name?: string}} given  the file as Gradio has it */
async function share({url, orig_name: name}) {
  const picture = await (await fetch(url)).blob();
  const file = new File([picture], name ?? 'picture.png', {type: picture.type});
  try {
    await navigator.share({files: [file]});
  } catch (error) {
    // whoever closes the sheet wants nothing; where it does not open, the file is not lost
    if (error.name !== 'AbortError') document.querySelector('#download-file').click();
  }
}

export function start() {
  document.body.classList.toggle('can-share', canShare());
  document.addEventListener('segui-share', ({detail}) => { share(detail); });
}
