/** The diagrams of a case: its own process and the called ones, one shown at a time, each on its own canvas. */
import type NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import { focusBox, wholeBox, type Box } from '../diagram/fit';
import { createViewer, widenLabels, zoom, zoomTools, type Canvas, type Element, type EventBus, type Overlays, type Registry, type Root } from '../diagram/viewer';
import { text, type TextId } from '../shared/texts';
import { say } from './texts';
import type { Model } from './data';
import { make } from './dom';
import type { Leg, State } from './fold';
import { marksAt, type Mark } from './marks';
import { TokenLayer } from './tokens';

export interface Picture {
  state: State;
  legs: Leg[];
  progress: number;
  gone: Set<string>;
  levels: Map<string, string>;
  between: State | null;
}

/** One process on its canvas. */
class Scene {
  private readonly canvas: Canvas;
  private readonly registry: Registry;
  private readonly overlays: Overlays;
  private readonly tokens: TokenLayer;
  private marked = new Map<string, string[]>();
  private readonly badges = new Map<string, { root: HTMLElement; words: string }>();

  constructor(
    private readonly viewer: NavigatedViewer,
    readonly model: Model,
    readonly box: HTMLElement,
  ) {
    this.canvas = viewer.get('canvas');
    this.registry = viewer.get('elementRegistry');
    this.overlays = viewer.get('overlays');
    this.tokens = new TokenLayer(this.canvas, this.registry, model.id);
  }

  draw(picture: Picture): void {
    const marks = marksAt(picture.state, this.model.id, picture.levels, picture.between);
    for (const [id, names] of this.marked) if (!marks.has(id)) names.forEach((name) => this.canvas.removeMarker(id, name));
    for (const id of this.badges.keys()) if (!marks.has(id)) this.badge(id, null);
    const marked = new Map<string, string[]>();
    for (const [id, mark] of marks) {
      if (!this.registry.get(id)) continue;
      const before = this.marked.get(id) ?? [];
      before.filter((name) => !mark.classes.includes(name)).forEach((name) => this.canvas.removeMarker(id, name));
      mark.classes.filter((name) => !before.includes(name)).forEach((name) => this.canvas.addMarker(id, name));
      marked.set(id, mark.classes);
      this.badge(id, mark);
    }
    this.marked = marked;
    this.tokens.draw(picture.state, picture.legs, picture.progress, picture.gone);
  }

  private badge(id: string, mark: Mark | null): void {
    const words = mark ? [mark.visits > 1 && `×${mark.visits}`, mark.cancelled && `⊘${mark.cancelled}`, mark.level].filter(Boolean).join(' ') : '';
    let badge = this.badges.get(id);
    if (badge?.words === words || (!badge && !words)) return;
    const element = this.registry.get(id);
    if (!element || element.waypoints) return;
    if (!badge) {
      const position = element.width > 60 ? { top: -11, right: 14 } : { top: -16, left: -8 };
      badge = { root: make('div', 'mj-badges'), words: '' };
      this.overlays.add(id, 'mingjing', { position, html: badge.root, scale: { min: 0.6, max: 1.2 } });
      this.badges.set(id, badge);
    }
    badge.words = words;
    badge.root.replaceChildren(...(mark ? badgesOf(mark) : []));
  }

  /** Brings an element into sight, on the plane of the subprocess that it is in. */
  reveal(id: string): void {
    const element = this.registry.get(id);
    const root = element && this.canvas.findRoot(element);
    if (!element || !root) return;
    if (root.id !== this.canvas.getRootElement().id) this.turn(root);
    const box = this.canvas.viewbox() as unknown as Box;
    const margin = 40;
    const inside = element.x >= box.x + margin && element.y >= box.y + margin / 2 && element.x + element.width <= box.x + box.width - margin && element.y + element.height <= box.y + box.height - margin;
    if (!inside) this.show((drawing, outer) => focusBox(drawing, outer, element));
  }

  /** The view for a canvas that was opened or has another size: an element in the middle, or the beginning. */
  focus(id: string): void {
    const element = this.registry.get(id);
    const here = element && this.canvas.findRoot(element)?.id === this.canvas.getRootElement().id;
    this.show((drawing, outer) => focusBox(drawing, outer, here && !element.waypoints ? element : null));
  }

  private turn(root: Root): void {
    this.canvas.setRootElement(root);
    this.show((drawing, outer) => focusBox(drawing, outer, null));
  }

  show(box: (drawing: Box, outer: { width: number; height: number }) => Box): void {
    this.canvas.resized();
    const { inner, outer } = this.canvas.viewbox();
    if (inner.width && outer.width) this.canvas.viewbox(box(inner, outer));
  }

  zoom(step: number): void {
    zoom(this.viewer, step);
  }

  whole(): void {
    this.show(wholeBox);
  }

  /** Called processes that the case has been in are opened from the call activity itself. */
  link(models: Model[], open: (process: string) => void, pick: (element: string) => void, turned: () => void): void {
    for (const call of this.registry.filter((element) => element.type === 'bpmn:CallActivity')) {
      const called = calledBy(call, models);
      if (!called) continue;
      const button = make('button', 'stage-open', say('open_called')) as HTMLButtonElement;
      button.type = 'button';
      button.addEventListener('click', () => open(called.id));
      this.overlays.add(call.id, 'mingjing-open', { position: { bottom: 12, left: call.width / 2 - 36 }, html: button, scale: { min: 0.7, max: 1.1 } });
    }
    const bus = this.viewer.get<EventBus>('eventBus');
    bus.on('element.click', ({ element }) => element && pick(element.labelTarget?.id ?? element.id));
    bus.on('root.set', turned);
  }
}

function calledBy(call: Element, models: Model[]): Model | undefined {
  const values = call.businessObject?.extensionElements?.values ?? [];
  const wanted = values.map((one) => one.processId).find((id) => typeof id === 'string');
  return models.find((model) => model.id && model.id === wanted) ?? (models.length === 2 ? models[1] : undefined);
}

function badgesOf(mark: Mark): HTMLElement[] {
  const badges: HTMLElement[] = [];
  const add = (name: string, words: string, title: string): void => {
    const badge = make('span', name, words);
    badge.title = title;
    badges.push(badge);
  };
  if (mark.visits > 1) add('mj-badge', `×${mark.visits}`, text('diagram.visits', { count: mark.visits }));
  if (mark.cancelled) add('mj-badge mj-badge-cancelled', `⊘ ${say('cancelled')}${mark.cancelled > 1 ? ` ×${mark.cancelled}` : ''}`, say('cancelled'));
  if (mark.level) add(`mj-badge mj-badge-${mark.level}`, text(`risk.${mark.level}` as TextId), '');
  return badges;
}

export class Stage {
  private readonly scenes = new Map<string, Scene>();
  private readonly head = make('div', 'diagram-head');
  private readonly tabs = make('nav', 'stage-tabs');
  private shown = '';
  private picture: Picture | null = null;
  private followed = '';

  constructor(
    private readonly box: HTMLElement,
    private readonly models: Model[],
    private readonly pick: (process: string, element: string) => void,
  ) {
    this.tabs.setAttribute('aria-label', say('processes'));
    const act = { zoom: (step: number) => this.scene?.zoom(step), whole: () => this.scene?.whole() };
    this.head.append(this.tabs, zoomTools(act));
    this.box.append(this.head);
    new ResizeObserver(() => this.scene?.focus(this.followed)).observe(box);
  }

  private get scene(): Scene | undefined {
    return this.scenes.get(this.shown);
  }

  get process(): string {
    return this.shown;
  }

  /** Shows a process; the first time its canvas is made. */
  async open(process: string): Promise<void> {
    const model = this.models.find((one) => one.id === process);
    if (!model) return;
    if (!this.scenes.has(process)) await this.create(model);
    this.shown = process;
    for (const [id, scene] of this.scenes) scene.box.hidden = id !== process;
    this.tabs.replaceChildren(...(this.models.length > 1 ? this.models.map((one) => this.tab(one)) : [make('span', 'quiet', `${model.name} v${model.version}`)]));
    this.scene?.focus(this.followed);
    if (this.picture) this.draw(this.picture);
  }

  private async create(model: Model): Promise<void> {
    const box = make('div', 'diagram-canvas');
    box.setAttribute('role', 'group');
    box.setAttribute('aria-label', text('diagram.label'));
    this.box.append(box);
    const viewer = createViewer(box);
    await viewer.importXML(model.xml);
    widenLabels(viewer);
    const scene = new Scene(viewer, model, box);
    scene.link(
      this.models,
      (process) => void this.open(process),
      (element) => this.pick(model.id, element),
      () => this.picture && this.draw(this.picture),
    );
    this.scenes.set(model.id, scene);
  }

  private tab(model: Model): HTMLElement {
    const button = make('button', 'stage-tab', `${model.name} v${model.version}`) as HTMLButtonElement;
    button.type = 'button';
    if (model.id === this.shown) button.setAttribute('aria-current', 'page');
    button.addEventListener('click', () => void this.open(model.id));
    return button;
  }

  draw(picture: Picture): void {
    this.picture = picture;
    this.scene?.draw(picture);
  }

  /** Goes to where something happens, also inside a called process or a collapsed subprocess. */
  async follow(process: string, element: string): Promise<void> {
    if (!element) return;
    this.followed = element;
    if (process !== this.shown) await this.open(process);
    this.scene?.reveal(element);
  }
}
