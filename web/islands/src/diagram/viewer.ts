/** A read-only canvas of bpmn-js as all our pages show it: Chinese labels, zoom buttons. The watermark stays free. */
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import './diagram.css';
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import EditorActionsModule from 'diagram-js/lib/features/editor-actions';
import { iconElement } from '../shared/page';
import { text } from '../shared/texts';
import type { Box } from './fit';

export interface Canvas {
  viewbox(box?: Box): { inner: Box; outer: { width: number; height: number } };
  addMarker(id: string, marker: string): void;
  removeMarker(id: string, marker: string): void;
  scrollToElement(id: string, padding?: number): void;
  resized(): void;
  getLayer(name: string, index: number): SVGGElement;
  getRootElement(): Root;
  setRootElement(root: Root): void;
  findRoot(element: Element): Root | undefined;
}

/** The process, or the plane of a collapsed subprocess. */
export interface Root {
  id: string;
}

export interface Overlays {
  add(id: string, type: string, overlay: object): void;
}

export interface Element extends Box {
  id: string;
  type?: string;
  collapsed?: boolean;
  waypoints?: { x: number; y: number }[];
  labelTarget?: Element;
  businessObject?: { name?: string; extensionElements?: { values?: Record<string, unknown>[] } };
}

export interface Registry {
  get(id: string): Element | undefined;
  filter(wanted: (element: Element) => boolean): Element[];
  getGraphics(id: string): SVGElement;
}

interface TextRenderer {
  getExternalLabelBounds(box: Box, text: string): Box;
}

interface GraphicsFactory {
  update(kind: 'shape', element: Element, graphics: SVGElement): void;
}

const LABEL_WIDTH = 110;

const pick = ({ x, y, width, height }: Box): Box => ({ x, y, width, height });

export interface EventBus {
  on(event: string, react: (event: { element: { id: string; labelTarget?: { id: string } } }) => void): void;
}

export function createViewer(box: HTMLElement): NavigatedViewer {
  const fontFamily = getComputedStyle(document.body).fontFamily;
  return new NavigatedViewer({
    container: box,
    additionalModules: [EditorActionsModule],
    textRenderer: { defaultStyle: { fontFamily, fontSize: 14, lineHeight: 1.25 }, externalStyle: { fontSize: 13, lineHeight: 1.25 } },
  });
}

/** External labels as wide as their text: drawing programs leave boxes that break Chinese after two characters. */
export function widenLabels(viewer: NavigatedViewer): void {
  const registry = viewer.get<Registry>('elementRegistry');
  const text = viewer.get<TextRenderer>('textRenderer');
  const graphics = viewer.get<GraphicsFactory>('graphicsFactory');
  for (const label of registry.filter((element) => element.labelTarget !== undefined)) {
    const name = label.businessObject?.name ?? '';
    const box = { ...pick(label), x: label.x + label.width / 2 - LABEL_WIDTH / 2, width: LABEL_WIDTH };
    Object.assign(label, text.getExternalLabelBounds(box, name));
    graphics.update('shape', label, registry.getGraphics(label.id));
  }
}

export function toolButton(icon: SVGSVGElement, words: string, act: () => void): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'icon-button';
  button.title = words;
  button.setAttribute('aria-label', words);
  button.append(icon);
  button.addEventListener('click', act);
  return button;
}

export function zoomTools(act: { zoom(step: number): void; whole(): void }): HTMLElement {
  const tools = document.createElement('div');
  tools.className = 'diagram-tools';
  tools.append(
    toolButton(iconElement('plus'), text('diagram.in'), () => act.zoom(1)),
    toolButton(iconElement('minus'), text('diagram.out'), () => act.zoom(-1)),
    toolButton(iconElement('maximize'), text('diagram.fit'), () => act.whole()),
  );
  return tools;
}

export function zoom(viewer: NavigatedViewer, step: number): void {
  viewer.get<{ stepZoom(step: number): void }>('zoomScroll').stepZoom(step);
}
