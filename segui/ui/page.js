() => {
  // A picture pasted from the clipboard becomes the photo, or what the field in focus is for.
  document.addEventListener('paste', (event) => {
    const file = [...(event.clipboardData?.files ?? [])].find((one) => one.type.startsWith('image/'));
    if (!file) return;
    const field = event.target.closest?.('#reference, #masks') ?? document.querySelector('#photo');
    const input = field?.querySelector('input[type=file]');
    if (!input) return;
    event.preventDefault();
    const files = new DataTransfer();
    files.items.add(file);
    input.files = files.files;
    input.dispatchEvent(new Event('change', {bubbles: true}));
  });
}
