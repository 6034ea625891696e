/** The layer of tokens: dots at elements, and dots on their way along the very lines that were drawn. */
import type { Canvas, Element, Registry } from '../diagram/viewer';
import { makeSvg } from './dom';
import type { Leg, State } from './fold';

export const COLOURS = 8;
const SHOWN = 5;

interface Dot {
  x: number;
  y: number;
  colour: number;
  moving?: boolean;
  text?: string;
}

export class TokenLayer {
  private readonly layer: SVGGElement;
  private readonly paths = new Map<string, SVGPathElement>();

  constructor(
    private readonly canvas: Canvas,
    private readonly registry: Registry,
    private readonly process: string,
  ) {
    this.layer = canvas.getLayer('replay-tokens', 1000);
  }

  /** progress: 0 stands still; else how far the legs have come, all of them together. gone: instances that just ended. */
  draw(state: State, legs: Leg[], progress: number, gone: Set<string>): void {
    const dots = progress > 0 ? [...this.resting(state, gone), ...this.moving(legs, progress)] : this.resting(state, new Set());
    this.layer.replaceChildren(...dots.map(drawn));
  }

  private here(place: string): Element | null {
    const slash = place.indexOf('/');
    if (place.slice(0, slash) !== this.process) return null;
    const element = this.registry.get(place.slice(slash + 1));
    return element && this.canvas.findRoot(element)?.id === this.canvas.getRootElement().id ? element : null;
  }

  private resting(state: State, gone: Set<string>): Dot[] {
    const at = new Map<string, number[]>();
    for (const [instance, token] of state.tokens) {
      if (!gone.has(instance)) at.set(token.place, [...(at.get(token.place) ?? []), token.colour]);
    }
    const dots: Dot[] = [];
    for (const [place, colours] of at) {
      const element = this.here(place);
      if (!element || element.waypoints || (element.type === 'bpmn:SubProcess' && !element.collapsed)) continue;
      const x = element.x + Math.min(16, element.width / 2);
      colours.slice(0, SHOWN).forEach((colour, index) => dots.push({ x: x + index * 15, y: element.y, colour }));
      if (colours.length > SHOWN) dots.push({ x: x + SHOWN * 15 + 6, y: element.y, colour: 0, text: `×${colours.length}` });
    }
    for (const waiting of state.parked.values()) {
      for (const { flow, colour } of waiting) {
        const end = this.here(flow)?.waypoints?.at(-1);
        if (end) dots.push({ x: end.x, y: end.y, colour });
      }
    }
    return dots;
  }

  private moving(legs: Leg[], progress: number): Dot[] {
    const deepest = Math.max(1, ...legs.map((leg) => leg.depth));
    const dots: Dot[] = [];
    for (const leg of legs) {
      const share = progress * deepest - (leg.depth - 1);
      if (share <= 0 || share > 1) continue;
      const path = this.path(leg.flow);
      if (!path) continue;
      const eased = share < 0.5 ? 2 * share * share : 1 - (2 - 2 * share) ** 2 / 2;
      const { x, y } = path.getPointAtLength(path.getTotalLength() * eased);
      dots.push({ x, y, colour: leg.colour, moving: true });
    }
    return dots;
  }

  private path(flow: string): SVGPathElement | null {
    const points = this.here(flow)?.waypoints;
    if (!points) return null;
    let path = this.paths.get(flow);
    if (!path) {
      path = makeSvg('path', { d: points.map(({ x, y }, index) => `${index ? 'L' : 'M'}${x} ${y}`).join('') });
      this.paths.set(flow, path);
    }
    return path;
  }
}

function drawn(dot: Dot): SVGGElement {
  const group = makeSvg('g', { transform: `translate(${dot.x},${dot.y})`, class: dot.moving ? 'token token--moving' : 'token' });
  if (dot.text) {
    const text = makeSvg('text', { 'text-anchor': 'start', y: 4, class: 'token-count' });
    text.textContent = dot.text;
    group.append(text);
    return group;
  }
  group.dataset.colour = String(dot.colour % COLOURS);
  group.append(makeSvg('circle', { r: dot.moving ? 9 : 7 }));
  return group;
}
