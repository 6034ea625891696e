/** The editor of processes: bpmn-js with Camunda 8's properties and our supervision, saved as it is drawn. */
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import 'bpmn-js/dist/assets/bpmn-font/css/bpmn.css';
import '@bpmn-io/properties-panel/dist/assets/properties-panel.css';
import 'bpmn-js-token-simulation/assets/css/bpmn-js-token-simulation.css';
import 'diagram-js-minimap/assets/diagram-js-minimap.css';
import '../../diagram/diagram.css';
import '../designer.css';
import Modeler from 'bpmn-js/lib/Modeler';
import TokenSimulationModule from 'bpmn-js-token-simulation';
import { CreateAppendAnythingModule } from 'bpmn-js-create-append-anything';
import { BpmnPropertiesPanelModule, BpmnPropertiesProviderModule, ZeebePropertiesProviderModule } from 'bpmn-js-properties-panel';
import ZeebeBehaviorsModule from 'camunda-bpmn-js-behaviors/lib/camunda-cloud';
import GridModule from 'diagram-js-grid';
import MinimapModule from 'diagram-js-minimap';
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json';
import { wholeBox, type Box } from '../../diagram/fit';
import { text } from '../../shared/texts';
import { showProblems } from '../problems';
import { Session, type Finding } from '../session';
import { translateChrome, translateModule } from '../translate';
import { startVersions } from '../versions';
import { SupervisionBadges } from './badges';
import { Supervision, type Shape } from './model';
import { SupervisionPanel, type CatalogueCheck } from './panel';
import { SupervisionPresets } from './presets';
import supervision from './supervision.json';
import { CHROME, WORDS } from './words';

export interface ProcessEditorProps {
  url: string;
  checks: CatalogueCheck[];
}

interface Registry {
  get(id: string): Shape | undefined;
  filter(wanted: (shape: Shape) => boolean): Shape[];
}

interface Canvas {
  resized(): void;
  viewbox(box?: Box): { inner: Box; outer: { width: number; height: number } };
  addMarker(id: string, marker: string): void;
  removeMarker(id: string, marker: string): void;
  scrollToElement(id: string, padding: number): void;
}

const SupervisionModule = {
  __init__: ['supervision', 'supervisionPanel', 'supervisionBadges', 'supervisionPresets'],
  supervision: ['type', Supervision],
  supervisionPanel: ['type', SupervisionPanel],
  supervisionBadges: ['type', SupervisionBadges],
  supervisionPresets: ['type', SupervisionPresets],
};

function modeler(canvas: HTMLElement, properties: HTMLElement, props: ProcessEditorProps): Modeler {
  const fontFamily = getComputedStyle(document.body).fontFamily;
  const options = {
    container: canvas,
    propertiesPanel: { parent: properties },
    checks: props.checks,
    textRenderer: { defaultStyle: { fontFamily, fontSize: 14, lineHeight: 1.25 }, externalStyle: { fontSize: 13, lineHeight: 1.25 } },
    moddleExtensions: { zeebe, supervision },
    additionalModules: [
      BpmnPropertiesPanelModule,
      BpmnPropertiesProviderModule,
      ZeebePropertiesProviderModule,
      ZeebeBehaviorsModule,
      CreateAppendAnythingModule,
      TokenSimulationModule,
      MinimapModule,
      GridModule,
      SupervisionModule,
      translateModule(WORDS),
    ],
  };
  return new Modeler(options as unknown as ConstructorParameters<typeof Modeler>[0]);
}

/** Width of the palette and its margins, in pixels. */
const PALETTE = 130;

class ProcessEditor {
  private marked: string[] = [];

  constructor(private readonly editor: Modeler) {}

  problems(findings: Finding[]): void {
    const canvas = this.editor.get<Canvas>('canvas');
    const registry = this.editor.get<Registry>('elementRegistry');
    this.marked.filter((id) => registry.get(id)).forEach((id) => ['error', 'warning'].forEach((kind) => canvas.removeMarker(id, `mj-${kind}`)));
    const there = findings.filter((finding) => finding.severity !== 'info' && registry.get(finding.element));
    there.forEach((finding) => canvas.addMarker(finding.element, `mj-${finding.severity}`));
    this.marked = there.map((finding) => finding.element);
    showProblems(findings, (id) => registry.get(id)?.businessObject.name ?? '', (id) => this.go(id));
  }

  /** All of it, right of the palette. */
  whole(): void {
    const canvas = this.editor.get<Canvas>('canvas');
    canvas.resized();
    const { inner, outer } = canvas.viewbox();
    if (!inner.width || !outer.width) return;
    const box = wholeBox(inner, { width: outer.width - PALETTE, height: outer.height });
    const scale = box.width / (outer.width - PALETTE);
    canvas.viewbox({ x: box.x - PALETTE * scale, y: box.y, width: box.width + PALETTE * scale, height: box.height });
  }

  private go(id: string): void {
    const shape = this.editor.get<Registry>('elementRegistry').get(id);
    if (!shape) return;
    this.editor.get<{ select(shape: Shape): void }>('selection').select(shape);
    this.editor.get<Canvas>('canvas').scrollToElement(id, 120);
  }
}

export async function mount(element: HTMLElement, props: ProcessEditorProps): Promise<void> {
  const loading = element.querySelector<HTMLElement>('[data-loading]');
  const canvas = document.createElement('div');
  canvas.className = 'designer-canvas';
  canvas.setAttribute('aria-label', text('designer.canvas'));
  const properties = document.createElement('aside');
  properties.className = 'designer-properties';
  properties.setAttribute('aria-label', text('designer.properties'));
  element.append(canvas, properties);
  translateChrome(canvas, CHROME, 'input,textarea,[contenteditable],svg');
  try {
    const editor = modeler(canvas, properties, props);
    const shown = new ProcessEditor(editor);
    const read = async (): Promise<string> => (await editor.saveXML({ format: true })).xml ?? '';
    const session = new Session(props.url, read, (findings) => shown.problems(findings));
    const loaded = await session.load();
    await editor.importXML(loaded.body);
    loading?.remove();
    shown.whole();
    editor.on('commandStack.changed', () => session.changed());
    shown.problems(loaded.findings);
    startVersions(session);
    element.dataset.ready = 'process-editor';
  } catch (error) {
    console.error(error);
    if (loading) loading.textContent = text('designer.unreadable');
  }
}
