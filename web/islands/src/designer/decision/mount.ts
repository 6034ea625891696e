/** The editor of decisions: dmn-js with its requirements, tables and expressions, saved as it is drawn. */
import 'dmn-js/dist/assets/diagram-js.css';
import 'dmn-js/dist/assets/dmn-js-shared.css';
import 'dmn-js/dist/assets/dmn-js-drd.css';
import 'dmn-js/dist/assets/dmn-js-decision-table.css';
import 'dmn-js/dist/assets/dmn-js-decision-table-controls.css';
import 'dmn-js/dist/assets/dmn-js-literal-expression.css';
import 'dmn-js/dist/assets/dmn-js-boxed-expression.css';
import 'dmn-js/dist/assets/dmn-js-boxed-expression-controls.css';
import 'dmn-js/dist/assets/dmn-font/css/dmn.css';
import '../designer.css';
import DmnModeler from 'dmn-js/lib/Modeler';
import { text } from '../../shared/texts';
import { showProblems } from '../problems';
import { Session } from '../session';
import { translateModule } from '../translate';
import { startVersions } from '../versions';
import { WORDS } from './words';

interface View {
  type: string;
  element: { id: string; name?: string };
}

interface Viewer {
  on(event: string, react: () => void): void;
}

interface Editor {
  importXML(xml: string): Promise<unknown>;
  saveXML(options: { format: boolean }): Promise<{ xml: string }>;
  getViews(): View[];
  open(view: View): Promise<unknown>;
  getActiveViewer(): Viewer;
  on(event: string, react: (event: { viewer?: Viewer }) => void): void;
}

/** Every view has a viewer and a command stack of its own; listen to each once. */
function onChange(editor: Editor, changed: () => void): void {
  const heard = new WeakSet<Viewer>();
  const listen = (): void => {
    const viewer = editor.getActiveViewer();
    if (!viewer || heard.has(viewer)) return;
    heard.add(viewer);
    viewer.on('commandStack.changed', changed);
  };
  editor.on('views.changed', listen);
  listen();
}

export async function mount(element: HTMLElement, props: { url: string }): Promise<void> {
  const loading = element.querySelector<HTMLElement>('[data-loading]');
  const box = document.createElement('div');
  box.className = 'designer-decision';
  box.setAttribute('aria-label', text('designer.decision'));
  element.append(box);
  try {
    const common = { additionalModules: [translateModule(WORDS)] };
    const editor = new DmnModeler({ container: box, drd: common, decisionTable: common, literalExpression: common, boxedExpression: common }) as unknown as Editor;
    const name = (id: string): string => editor.getViews().find((view) => view.element.id === id)?.element.name ?? '';
    const open = (id: string): void => {
      const view = editor.getViews().find((one) => one.element.id === id);
      if (view) void editor.open(view);
    };
    const read = async (): Promise<string> => (await editor.saveXML({ format: true })).xml;
    const session = new Session(props.url, read, (findings) => showProblems(findings, name, open));
    const loaded = await session.load();
    await editor.importXML(loaded.body);
    const table = editor.getViews().find((view) => view.type === 'decisionTable');
    if (table && editor.getViews().length <= 2) await editor.open(table);
    onChange(editor, () => session.changed());
    showProblems(loaded.findings, name, open);
    startVersions(session);
    loading?.remove();
    element.dataset.ready = 'decision-editor';
  } catch (error) {
    console.error(error);
    if (loading) loading.textContent = text('designer.unreadable');
  }
}
