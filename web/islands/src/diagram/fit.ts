/** Pure: view boxes for a drawing. Unlike fit-viewport they pad, and one of them never makes a process unreadably small. */

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Size {
  width: number;
  height: number;
}

/** The watermark lies at the bottom right; badges stand out at the top. */
export const PADDING = { top: 20, right: 20, bottom: 40, left: 20 };
/** Chinese names stay legible down to this zoom; a little less when all lanes come into sight by it. */
export const READABLE = 0.62;
export const STILL_READABLE = 0.5;

function room(outer: Size): Size {
  return { width: Math.max(1, outer.width - PADDING.left - PADDING.right), height: Math.max(1, outer.height - PADDING.top - PADDING.bottom) };
}

/** The whole drawing, however small it becomes; never larger than drawn. */
export function wholeBox(drawing: Box, outer: Size): Box {
  const { width, height } = room(outer);
  return placed(drawing, outer, Math.min(1, width / drawing.width, height / drawing.height), drawing);
}

/** The drawing whole if it stays readable; else at a readable size with `focus` in the middle, or from its beginning. */
export function focusBox(drawing: Box, outer: Size, focus: Box | null): Box {
  const { width, height } = room(outer);
  const whole = Math.min(1, width / drawing.width, height / drawing.height);
  if (whole >= READABLE) return placed(drawing, outer, whole, drawing);
  const lanes = Math.min(READABLE, height / drawing.height);
  const zoom = Math.max(whole, lanes >= STILL_READABLE ? lanes : READABLE);
  return placed(drawing, outer, zoom, focus ?? { ...drawing, width: 0, height: 0 });
}

function placed(drawing: Box, outer: Size, zoom: number, target: Box): Box {
  const { width, height } = room(outer);
  const x = along(drawing.x, drawing.width, target.x + target.width / 2, width / zoom);
  const y = along(drawing.y, drawing.height, target.y + target.height / 2, height / zoom);
  return { x: x - PADDING.left / zoom, y: y - PADDING.top / zoom, width: outer.width / zoom, height: outer.height / zoom };
}

/** Where the window of `size` starts along one axis: centred on `middle`, but not past the drawing's ends. */
function along(start: number, length: number, middle: number, size: number): number {
  if (length <= size) return start - (size - length) / 2;
  return Math.min(Math.max(middle - size / 2, start), start + length - size);
}
