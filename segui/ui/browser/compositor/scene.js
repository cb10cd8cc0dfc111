// What is pasted: pictures and masks as pixels.

export async function readScene({width, height, scale, under, over, layers, above = [], opacities = []}) {
  const read = async (layer) => {
    const [x1, y1, x2, y2] = layer.box;
    const pixels = await pixelsOf(layer.mask, x2 - x1, y2 - y1);
    const mask = new Uint8Array(pixels.length / 4);
    for (let i = 0; i < mask.length; i++) mask[i] = pixels[4 * i];
    return {...layer, mask};
  };
  const [newUnder, newOver, ...masks] = await Promise.all([
    pixelsOf(under, width, height), pixelsOf(over, width, height),
    ...layers.map(read),
  ]);
  const byNumber = new Map(masks.map((layer) => [layer.number, layer]));
  const readAbove = async ({edit, numbers, ...rest}) => ({
    ...rest, opacities: new Map(rest.opacities), edit: await pixelsOf(edit, width, height),
    layers: rest.alpha > 0 ? numbers.map((number) => byNumber.get(number)).filter(Boolean) : [],
  });
  return {
    width, height, scale, under: newUnder, over: newOver, layers: byNumber, opacities: new Map(opacities),
    above: await Promise.all(above.map(readAbove)),
  };
}

export async function pixelsOf(uri, width, height) {
  const image = new Image();
  image.src = uri;
  await image.decode();
  if (image.naturalWidth !== width || image.naturalHeight !== height) {
    throw new Error(`a picture of the preview is ${image.naturalWidth} x ${image.naturalHeight}: `
      + `expected ${width} x ${height}`);
  }
  const context = makeCanvas(width, height).getContext('2d', {willReadFrequently: true});
  context.drawImage(image, 0, 0);
  return context.getImageData(0, 0, width, height).data;
}

export function makeCanvas(width, height) {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  return canvas;
}

// Some browsers answer with noise, so that nobody is known by their pixels.
export function canRead() {
  const context = makeCanvas(8, 8).getContext('2d', {willReadFrequently: true});
  if (!context) return false;
  context.fillStyle = 'rgb(10, 120, 230)';
  context.fillRect(0, 0, 8, 8);
  const expected = [10, 120, 230, 255];
  return context.getImageData(0, 0, 8, 8).data.every((value, at) => value === expected[at % 4]);
}
