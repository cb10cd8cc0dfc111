// What the server and the frame say to each other. The same keys stand in view/messages.py.
export {};

/**
 * What the server says, and the page itself by an event 'segui-say' of the document. A message holds
 * what changed, the rest stays as it is: see news.js.
 * @typedef {object} FrameMessage
 * @property {number} [n] grows with each message of the server's; what the page says to itself has none
 * @property {string} [photo] a picture of preview size, as a data URI; '' without a photo
 * @property {string} [result] the same of the result
 * @property {[number, number] | null} [size] width and height of the photo
 * @property {[number, number] | null} [preview] width and height of both pictures
 * @property {Shape[]} [shapes] each area's outline and number
 * @property {string[]} [sides] where each area goes: 'filtered', 'remained' or 'review'
 * @property {boolean[]} [hand] whether that was said by hand
 * @property {number[]} [numbers] of the areas that are pasted
 * @property {number} [selected] the area that is looked at; 0 for none
 * @property {LeftOut} [left_out] what was too small to be an area
 * @property {Paste} [paste] the result is the one for that
 * @property {Live | null} [live] what the preview that follows the sliders is made of
 * @property {Look | null} [look] a part of the result and of the photo at full size
 * @property {Painted} [painted] the mask painted so far
 * @property {MaskLayer[]} [layers] the mask files, in their order
 * @property {Base | null} [base] of the mask file that was asked for last
 * @property {Marks} [marks] what was clicked and framed, to find something there
 * @property {string} [busy] what is being done
 * @property {string} [stale] why the picture is of what was there before
 * @property {Draft} [draft] what the sliders say while they move: said by the page itself
 */

/**
 * What was clicked and framed on the photo, px.
 * @typedef {object} Marks
 * @property {string} way 'click', 'box' or 'both'; '' where neither says what is found
 * @property {number[][]} points [x, y, 1 or 0], the last is 0 where something is not wanted
 * @property {number[][]} boxes [x1, y1, x2, y2]
 * @property {Answer[]} answers what a model has for them; none where there is nothing to choose
 */

/**
 * One of the outlines that a model has for what was clicked.
 * @typedef {object} Answer
 * @property {string} name 'smallest', 'middle' or 'largest'
 * @property {number} share how much of the photo is in it, percent
 * @property {boolean} taken whether it is the one that is taken
 */

/**
 * An area; lengths are in pixels of the preview.
 * @typedef {object} Shape
 * @property {number} n its number
 * @property {number} a its area, px of the photo
 * @property {number} x where its number stands
 * @property {number} y
 * @property {string} d its outline, as the path of an SVG
 */

/**
 * @typedef {object} LeftOut
 * @property {number} key another one each time that it is to be seen, though the boxes be the same
 * @property {number[][]} boxes [x1, y1, x2, y2] px of the photo; none to see none
 */

/**
 * @typedef {object} MarkEvent
 * @property {number[]} [point] x and y, px of the photo, and 1, or 0 where something is not wanted
 * @property {number[]} [box] two opposite corners, px of the photo
 * @property {boolean} [clear]
 * @property {string} [candidate] which of a model's outlines is taken: one of an Answer, or 'best'
 */

/**
 * @typedef {object} Draft
 * @property {number | string | null} feather px of the photo, or a share of each area as "2%";
 *   null while its box is empty
 * @property {number | null} alpha 0 to 255; null while its box is empty
 * @property {string} edge
 */

/**
 * What the controls say of pasting, by option, whatever can be made of it.
 * @typedef {Object<string, any>} Paste
 */

/**
 * See compositor.js. Without layers, it is to be asked for if it has a key, and else the server draws.
 * @typedef {object} Live
 * @property {number | string} [key] another one for what is made of something else
 * @property {number | null} [reach] the softest edge for which it is right, px; null for any
 * @property {number} [width] of the preview
 * @property {number} [height]
 * @property {number} [scale] px of the preview for each of the photo
 * @property {string} [below] what earlier edits have made of the photo, as a data URI; '' without
 * @property {string} [edit] what is pasted, as a data URI
 * @property {boolean} [swap] whether what is below is pasted onto that
 * @property {number[][]} [opacities] number and opacity, 0 to 1, of areas that have one of their own
 * @property {Layer[]} [layers] of all areas; the server draws where there are none
 * @property {Above[]} [above] what later edits paste, in their order
 */

/**
 * What an edit pastes that is made after the one whose sliders move; as it is.
 * @typedef {object} Above
 * @property {string} edit what is pasted, as a data URI
 * @property {boolean} swap whether what is below is pasted onto that
 * @property {number[]} numbers of the areas that it has, among the layers
 * @property {number | string} feather
 * @property {number} alpha
 * @property {number[][]} opacities number and opacity, 0 to 1, of areas that have one of their own
 * @property {string} edge
 */

/**
 * An area's mask, at the size of the preview.
 * @typedef {object} Layer
 * @property {number} number
 * @property {number[]} box [x1, y1, x2, y2] of the mask
 * @property {number[]} crop [x1, y1, x2, y2] of its crop region
 * @property {number[]} crop_hw height and width of that, px of the photo
 * @property {number} side of a square as large as the area, px of the photo: what a share is of
 * @property {string} mask a grey PNG, as a data URI
 */

/**
 * @typedef {object} Look
 * @property {number} [key] another one for each answer
 * @property {number[]} box [x1, y1, x2, y2] px of the photo
 * @property {string} after that part of the result, as a data URI
 * @property {string} before that part of the photo
 */

/**
 * @typedef {object} Painted
 * @property {string} mask a data URI; '' where nothing is painted
 * @property {number} [told] the last `told` of a 'painted' event that the server has heard of
 */

/**
 * A mask file as a layer that can be painted on.
 * @typedef {object} MaskLayer
 * @property {string} layer the file's id
 * @property {string} name
 * @property {string} strokes a data URI of what was painted on it; '' where nothing was
 * @property {number} [told] the last `told` of a 'painted' event of this layer that was heard
 */

/**
 * A mask file as it is below what is painted on it.
 * @typedef {object} Base
 * @property {string} layer
 * @property {string} mask a grey picture of the preview's size, as a data URI; '' if there is none
 * @property {string} trouble why there is none
 */

/**
 * What the frame tells the server, by the names of the events.
 * @typedef {object} FrameEvents
 * @property {SelectEvent} select an area was clicked
 * @property {RestEvent} rest the sliders do not move any more
 * @property {LiveEvent} live the browser is idle, and asks for what it draws with
 * @property {LookEvent} look a part is wanted at full size
 * @property {PaintedEvent} painted something was painted, or wiped
 * @property {LayerEvent} layer a mask file is to be painted on
 * @property {MarkEvent} mark something was clicked or framed, to be found
 */

/**
 * @typedef {object} SelectEvent
 * @property {number} number the area's
 */

/**
 * @typedef {object} RestEvent
 * @property {number[] | null} look the part that is seen at full size; null where all of it is seen
 */

/**
 * @typedef {object} LiveEvent
 */

/**
 * @typedef {object} LookEvent
 * @property {number[]} look [x1, y1, x2, y2] px of the photo
 */

/**
 * @typedef {object} PaintedEvent
 * @property {string} layer the mask file's id; '' where it was painted on none
 * @property {string} painted a data URI of a PNG, white where painted; '' where nothing is. On a mask
 *   file, black where something was taken away, and transparent where nothing was touched
 * @property {number} told how many times the page has told this of this layer
 */

/**
 * @typedef {object} LayerEvent
 * @property {string} layer the mask file's id
 */
