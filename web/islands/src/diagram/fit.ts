/** Pure: a view box for a drawing. Unlike fit-viewport it pads, and never makes a wide process unreadably small. */

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export const PADDING = { top: 56, right: 28, bottom: 44, left: 28 };
export const READABLE = 0.62;

/** The drawing whole if it stays readable; else at a readable size with `focus` in the middle, or from its beginning. */
export function fitBox(drawing: Box, outer: { width: number; height: number }, focus: Box | null): Box {
  const width = Math.max(1, outer.width - PADDING.left - PADDING.right);
  const height = Math.max(1, outer.height - PADDING.top - PADDING.bottom);
  const whole = Math.min(1, width / drawing.width, height / drawing.height);
  const zoom = whole >= READABLE ? whole : Math.max(whole, READABLE);
  const target = whole >= READABLE ? drawing : (focus ?? { ...drawing, width: 0 });
  const x = along(drawing.x, drawing.width, target.x + target.width / 2, width / zoom);
  const y = along(drawing.y, drawing.height, target.y + target.height / 2, height / zoom);
  return { x: x - PADDING.left / zoom, y: y - PADDING.top / zoom, width: outer.width / zoom, height: outer.height / zoom };
}

/** Where the window of `size` starts along one axis: centred on `middle`, but not past the drawing's ends. */
function along(start: number, length: number, middle: number, size: number): number {
  if (length <= size) return start - (size - length) / 2;
  return Math.min(Math.max(middle - size / 2, start), start + length - size);
}
