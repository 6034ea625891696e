/** The process diagram of a case: where it went, where it stands, where risks were found. Read-only. */
import type NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import { onSelect, select } from '../app/linked';
import { send } from '../shared/http';
import { text, type TextId } from '../shared/texts';
import { focusBox, wholeBox, type Box } from './fit';
import { marksOf, type DiagramProps, type Marks } from './marks';
import { createViewer, widenLabels, zoom, zoomTools, type Canvas, type Element, type EventBus, type Overlays, type Registry } from './viewer';

class Diagram {
  private readonly canvas: Canvas;
  private readonly registry: Registry;
  private selected = '';

  constructor(
    private readonly viewer: NavigatedViewer,
    private readonly props: DiagramProps,
  ) {
    this.canvas = viewer.get('canvas');
    this.registry = viewer.get('elementRegistry');
  }

  mark(): void {
    const overlays = this.viewer.get<Overlays>('overlays');
    for (const [id, marks] of marksOf(this.props)) {
      if (!this.registry.get(id)) continue;
      marks.classes.forEach((name) => this.canvas.addMarker(id, name));
      const badges = badgesOf(marks);
      const element = this.registry.get(id);
      if (!badges || !element || element.waypoints) continue;
      // Beside the corner: arrows end in the middle of a side, and names stand below and to the right.
      const position = element.width > 60 ? { top: -11, right: 14 } : { top: -16, left: -8 };
      overlays.add(id, 'mingjing', { position, html: badges, scale: { min: 0.6, max: 1.2 } });
    }
  }

  /** Where the case stands, readable: the current element, or the last one that it came to. */
  follow(): void {
    const there = (id: string): Element | undefined => this.registry.get(id);
    const nodes = [...this.props.current, ...[...this.props.completed].reverse()].map(there);
    const focus = nodes.find((element) => element && !element.waypoints) ?? null;
    this.show((drawing, outer) => focusBox(drawing, outer, focus));
  }

  /** All of it, however small. */
  whole(): void {
    this.show(wholeBox);
  }

  /** The box changed its size: the view that was asked for last, again. */
  again(): void {
    if (this.shown) this.show(this.shown);
  }

  private shown: ((drawing: Box, outer: { width: number; height: number }) => Box) | null = null;

  private show(box: (drawing: Box, outer: { width: number; height: number }) => Box): void {
    this.shown = box;
    this.canvas.resized();
    const { inner, outer } = this.canvas.viewbox();
    if (inner.width && outer.width) this.canvas.viewbox(box(inner, outer));
  }

  select(id: string, reveal: boolean): void {
    if (this.selected) this.canvas.removeMarker(this.selected, 'mj-selected');
    this.selected = this.registry.get(id) ? id : '';
    if (!this.selected) return;
    this.canvas.addMarker(id, 'mj-selected');
    if (reveal) this.canvas.scrollToElement(id, 80);
  }

  zoom(step: number): void {
    zoom(this.viewer, step);
  }

  link(): void {
    this.viewer.get<EventBus>('eventBus').on('element.click', ({ element }) => {
      const id = element.labelTarget?.id ?? element.id;
      this.select(id, false);
      select({ element: id, from: 'diagram' });
    });
    onSelect(({ element, from }) => from === 'list' && this.select(element, true));
  }
}

function badgesOf(marks: Marks): HTMLElement | null {
  const badges: HTMLElement[] = [];
  if (marks.visits > 1) badges.push(badge('mj-badge', `×${marks.visits}`, text('diagram.visits', { count: marks.visits })));
  if (marks.level) badges.push(badge(`mj-badge mj-badge-${marks.level}`, text(`risk.${marks.level}` as TextId)));
  if (marks.incidents) badges.push(badge('mj-badge mj-badge-critical', `! ${marks.incidents}`, text('diagram.incidents', { count: marks.incidents })));
  if (!badges.length) return null;
  const row = document.createElement('div');
  row.className = 'mj-badges';
  row.append(...badges);
  return row;
}

function badge(name: string, words: string, title = ''): HTMLElement {
  const element = document.createElement('span');
  element.className = name;
  element.textContent = words;
  if (title) element.title = title;
  return element;
}

function legend(props: DiagramProps): HTMLElement {
  const list = document.createElement('ul');
  list.className = 'diagram-legend';
  const names: [string, string][] = [];
  if (props.completed.length) names.push(['done', text('diagram.done')]);
  if (props.current.length) names.push(['current', text('diagram.current')]);
  if (Object.keys(props.incidents ?? {}).length) names.push(['incident', text('diagram.incident')]);
  const levels = new Set(Object.values(props.levels));
  for (const level of ['low', 'medium', 'high', 'critical']) if (levels.has(level)) names.push([level, text(`risk.${level}` as TextId)]);
  list.append(
    ...names.map(([kind, words]) => {
      const item = document.createElement('li');
      const swatch = document.createElement('i');
      swatch.dataset.kind = kind;
      item.append(swatch, words);
      return item;
    }),
  );
  return list;
}

export async function mount(element: HTMLElement, props: DiagramProps): Promise<void> {
  const loading = element.querySelector<HTMLElement>('[data-loading]');
  try {
    const xml = await (await send(props.xmlUrl)).text();
    const box = document.createElement('div');
    box.className = 'diagram-canvas';
    box.setAttribute('role', 'group');
    box.setAttribute('aria-label', text('diagram.label'));
    const head = document.createElement('div');
    head.className = 'diagram-head';
    element.append(head, box);
    const viewer = createViewer(box);
    await viewer.importXML(xml);
    const diagram = new Diagram(viewer, props);
    widenLabels(viewer);
    diagram.mark();
    loading?.remove();
    head.append(legend(props), zoomTools(diagram));
    diagram.follow();
    diagram.link();
    new ResizeObserver(() => diagram.again()).observe(box);
    element.dataset.ready = 'diagram';
  } catch (error) {
    console.error(error);
    if (loading) loading.textContent = text('diagram.failed');
  }
}
