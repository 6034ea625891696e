/** The form of a user task: form-js filled in by the clerk, kept as a draft, sent by the plain form of the page. */
import '@bpmn-io/form-js-viewer/dist/assets/form-js.css';
import './form.css';
import { Form } from '@bpmn-io/form-js-viewer';
import flatpickr from 'flatpickr';
import { Mandarin } from 'flatpickr/dist/l10n/zh.js';
import { send } from '../shared/http';
import { chinese, clock, iconElement, person } from '../shared/page';
import { text } from '../shared/texts';
import { showVersions } from './conflict';
import { forgetCopy, keepCopy, newerCopy, type DraftBody } from './copies';
import { translateHardCoded, translateModule } from './dictionary';
import { readAmounts } from './numbers';
import { Saver, type SaveState } from './saver';
import { countErrors, errorState, writable, type Component } from './schema';

export interface FormProps {
  schema: { components: Component[] } & Record<string, unknown>;
  data: Record<string, unknown>;
  errors: Record<string, string[]>;
  writable: boolean;
  task: string;
  draftUrl: string;
  savedAt: string | null;
}

const KEEPALIVE_BYTES = 60_000;

const STATE_ICONS: Record<SaveState, () => SVGSVGElement> = {
  changed: () => iconElement('pencil'),
  saving: () => iconElement('refresh'),
  saved: () => iconElement('device-floppy'),
  failed: () => iconElement('cloud-off'),
  session: () => iconElement('lock'),
  conflict: () => iconElement('alert-triangle'),
  refused: () => iconElement('alert-triangle'),
};

function show(state: SaveState, words?: string): void {
  for (const place of document.querySelectorAll<HTMLElement>('[data-save-state]')) {
    const line = document.createElement('span');
    line.textContent = words ?? text(`draft.${state}`, { time: clock(new Date()) });
    place.dataset.state = state;
    place.replaceChildren(STATE_ICONS[state](), line);
  }
  // Whoever judges the draft on the server may do so now.
  if (state === 'saved') document.body.dispatchEvent(new CustomEvent('draft-saved'));
  notify('#session-notice', state, 'session');
  notify('#conflict-notice', state, 'conflict');
}

/** A notice stays until what it is about is over: typing on does not take it away, only a save does. */
function notify(selector: string, state: SaveState, about: SaveState): void {
  const notice = document.querySelector<HTMLElement>(selector);
  if (notice && (state === about || state === 'saved')) notice.hidden = state !== about;
}

/** form-js listens to its own state only after its first paint. */
const rendered = (): Promise<void> => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));

async function createForm(box: HTMLElement, props: FormProps): Promise<Form> {
  if (chinese()) flatpickr.localize(Mandarin);
  // Without `debounce: false` form-js loses characters of the next row of a dynamic list.
  const options = { container: box, additionalModules: [translateModule], debounce: false };
  const form = new Form(options as ConstructorParameters<typeof Form>[0]);
  if (!props.writable) form.setProperty('readOnly', true);
  await form.importSchema(props.schema as never, props.data);
  await rendered();
  form._setState({ errors: errorState(props.schema.components, props.errors) });
  return form;
}

class TaskForm {
  private readonly plain = document.querySelector<HTMLFormElement>('#completion');
  private readonly saver: Saver;
  private base: string | null;
  private force = false;

  constructor(
    private readonly form: Form,
    private readonly props: FormProps,
    private readonly box: HTMLElement,
  ) {
    this.base = props.savedAt;
    this.saver = new Saver({
      put: (body) => this.put(body),
      show: (state, words) => {
        show(state, words);
        if (state === 'conflict') void showVersions(props.draftUrl, props.schema.components, this.body()).catch(() => undefined);
      },
      keep: (body) => keepCopy(person(), props.task, body),
      forget: () => forgetCopy(person(), props.task),
    });
  }

  start(): void {
    this.form.on('changed', () => this.changed());
    this.plain?.addEventListener('input', () => this.changed());
    this.plain?.addEventListener('submit', (event) => this.submit(event));
    this.box.addEventListener('submit', (event) => event.preventDefault());
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'hidden') void this.saver.flush();
    });
    addEventListener('online', () => void this.saver.flush());
    document.querySelector('[data-draft-keep]')?.addEventListener('click', () => this.overwrite());
    document.querySelector('[data-draft-load]')?.addEventListener('click', () => {
      forgetCopy(person(), this.props.task);
      location.reload();
    });
  }

  private body(): DraftBody {
    const data = writable(this.props.schema.components, this.form._getSubmitData());
    const opinion = this.plain?.querySelector<HTMLTextAreaElement>('[name="opinion"]')?.value ?? '';
    return { data, outcome: this.outcome(), opinion };
  }

  private outcome(): string {
    return this.plain?.querySelector<HTMLInputElement>('input[name="action"]:checked')?.value ?? '';
  }

  private last = '';

  private changed(): void {
    const body = this.body();
    const now = JSON.stringify(body);
    if (this.last === '') this.last = now;
    if (now === this.last) return;
    this.last = now;
    this.saver.changed(body);
  }

  /** What the draft looks like now counts as saved; called once, after the first rendering. */
  settle(): void {
    this.last = JSON.stringify(this.body());
  }

  /** What came back from this computer is the server's business again. */
  saveRestored(): void {
    this.settle();
    this.saver.changed(this.body());
    show('changed', text('draft.restored'));
  }

  private async put(body: DraftBody): Promise<void> {
    const headers = { 'Content-Type': 'application/json' };
    const content = JSON.stringify(this.force ? body : { ...body, base: this.base });
    // Browsers refuse to keep requests of 64 KB and more alive after the page is gone.
    const keepalive = new Blob([content]).size < KEEPALIVE_BYTES;
    const answer = await send(this.props.draftUrl, { method: 'PUT', headers, body: content, keepalive });
    this.base = ((await answer.json()) as { saved_at: string | null }).saved_at;
    this.force = false;
  }

  /** The person chose this window's text over the other's. */
  private overwrite(): void {
    this.force = true;
    this.saver.changed(this.body());
  }

  private submit(event: Event): void {
    const { errors } = this.form.submit();
    const count = countErrors(errors);
    if (count) {
      event.preventDefault();
      this.complain(count);
      return;
    }
    const body = this.body();
    const hidden = this.plain?.querySelector<HTMLInputElement>('input[name="data"]');
    if (hidden) hidden.value = JSON.stringify(body.data);
    keepCopy(person(), this.props.task, body, sessionStorage);
  }

  private complain(count: number): void {
    let notice = this.box.querySelector<HTMLElement>(':scope > [data-form-errors]');
    if (!notice) {
      notice = document.createElement('p');
      notice.className = 'notice';
      notice.dataset.tone = 'danger';
      notice.dataset.formErrors = '';
      notice.setAttribute('role', 'alert');
      this.box.prepend(notice);
    }
    const line = document.createElement('span');
    line.textContent = text('form.errors', { count });
    notice.replaceChildren(iconElement('alert-triangle'), line);
    location.hash = '#work';
    // form-js renders the error classes in its next frame.
    setTimeout(() => focusFirstError(this.box), 80);
  }
}

function focusFirstError(box: HTMLElement): void {
  box.querySelector<HTMLElement>('.fjs-has-errors :is(input, textarea, select, button, [tabindex]):not([type="hidden"])')?.focus();
}

/** Unsaved work of an earlier visit of the same person on this computer, if newer than the server's draft. */
function restore(props: FormProps): boolean {
  const stores = [localStorage, sessionStorage];
  const copy = stores.map((store) => newerCopy(person(), props.task, props.savedAt, store)).find((found) => found !== null);
  sessionStorage.clear();
  if (!copy || !props.writable || Object.keys(props.errors).length) return false;
  props.data = { ...props.data, ...copy.data };
  const opinion = document.querySelector<HTMLTextAreaElement>('#opinion');
  if (opinion && !opinion.value) opinion.value = copy.opinion;
  const choice = document.querySelector<HTMLInputElement>(`#completion input[name="action"][value="${CSS.escape(copy.outcome)}"]`);
  if (choice) choice.checked = true;
  return true;
}

export async function mount(element: HTMLElement, props: FormProps): Promise<void> {
  const restored = restore(props);
  const loading = element.querySelector<HTMLElement>('[data-loading]');
  try {
    translateHardCoded(element);
    readAmounts(element);
    const form = await createForm(element, props);
    loading?.remove();
    if (!props.writable) return;
    const task = new TaskForm(form, props, element);
    task.start();
    if (restored) task.saveRestored();
    else task.settle();
    if (Object.keys(props.errors).length) setTimeout(() => focusFirstError(element), 80);
    element.dataset.ready = 'form';
  } catch (error) {
    console.error(error);
    if (loading) loading.textContent = text('form.failed');
  }
}
