/** The editor of forms: form-js, saved as it is drawn. */
import '@bpmn-io/form-js-editor/dist/assets/form-js-editor.css';
import '@bpmn-io/form-js-editor/dist/assets/dragula.css';
import '@bpmn-io/form-js-editor/dist/assets/properties-panel.css';
import '@bpmn-io/form-js-viewer/dist/assets/form-js.css';
import '../designer.css';
import { FormEditor } from '@bpmn-io/form-js-editor';
import { text } from '../../shared/texts';
import { showProblems } from '../problems';
import { Session } from '../session';
import { translateChrome } from '../translate';
import { startVersions } from '../versions';
import { CHROME } from './words';

interface Editor {
  importSchema(schema: object): Promise<unknown>;
  getSchema(): object;
  on(event: string, priority: number, react: () => void): void;
  get<T>(service: string): T;
}

interface Field {
  id: string;
  key?: string;
  label?: string;
}

interface Registry {
  get(id: string): Field | undefined;
  getAll(): Field[];
}

/** What the editor adds for itself (who exported it, with which tool) is no part of the form. */
function written(schema: object): string {
  const { exporter: _, ...form } = schema as Record<string, unknown>;
  return `${JSON.stringify(form, null, 2)}\n`;
}

export async function mount(element: HTMLElement, props: { url: string }): Promise<void> {
  const loading = element.querySelector<HTMLElement>('[data-loading]');
  const box = document.createElement('div');
  box.className = 'designer-form';
  element.append(box);
  translateChrome(box, CHROME, 'input,textarea,.cm-editor,[contenteditable],.fjs-form');
  try {
    const editor = new FormEditor({ container: box }) as unknown as Editor;
    const field = (place: string): Field | undefined =>
      editor.get<Registry>('formFieldRegistry').getAll().find((one) => one.id === place || one.key === place);
    const name = (place: string): string => field(place)?.label ?? '';
    const go = (place: string): void => {
      const found = field(place);
      if (found) editor.get<{ set(field: Field): void }>('selection').set(found);
    };
    const session = new Session(props.url, async () => written(editor.getSchema()), (findings) => showProblems(findings, name, go));
    const loaded = await session.load();
    await editor.importSchema(JSON.parse(loaded.body) as object);
    editor.on('changed', 500, () => session.changed());
    showProblems(loaded.findings, name, go);
    startVersions(session);
    loading?.remove();
    element.dataset.ready = 'form-editor';
  } catch (error) {
    console.error(error);
    if (loading) loading.textContent = text('designer.unreadable');
  }
}
