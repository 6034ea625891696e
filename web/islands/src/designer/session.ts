/** A draft in the browser: loaded once, saved as it changes, inspected while it rests, never lost. */
import { RequestFailed, send } from '../shared/http';
import { clock, iconElement } from '../shared/page';
import { text, type TextId } from '../shared/texts';

export interface Finding {
  rule: string;
  title: string;
  severity: 'error' | 'warning' | 'info';
  element: string;
  message: string;
  cure: string;
}

export interface Version {
  number: number;
  reason: string;
  loophole: string;
  author: string;
  created_at: string;
}

export interface Loaded {
  name: string;
  revision: number;
  body: string;
  findings: Finding[];
  versions: Version[];
}

export type SaveState = 'changed' | 'saving' | 'saved' | 'failed' | 'session' | 'conflict';

const REST_MS = 800;
const RETRY_MS = 5_000;

const ICONS: Record<SaveState, () => SVGSVGElement> = {
  changed: () => iconElement('pencil'),
  saving: () => iconElement('refresh'),
  saved: () => iconElement('device-floppy'),
  failed: () => iconElement('cloud-off'),
  session: () => iconElement('lock'),
  conflict: () => iconElement('alert-triangle'),
};

export class Session {
  revision = 0;
  private name = '';
  private timer = 0;
  private busy = false;
  private dirty = false;
  private stopped = false;

  constructor(
    private readonly url: string,
    private readonly read: () => Promise<string>,
    private readonly found: (findings: Finding[]) => void,
  ) {
    window.addEventListener('beforeunload', (event) => this.dirty && event.preventDefault());
  }

  async load(): Promise<Loaded> {
    const loaded = (await (await send(this.url)).json()) as Loaded;
    this.revision = loaded.revision;
    this.name = loaded.name;
    const kept = this.kept();
    if (!kept || kept === loaded.body) return loaded;
    this.changed();
    return { ...loaded, body: kept };
  }

  /** Something was drawn: save it and look at it once the hand rests. */
  changed(): void {
    if (this.stopped) return;
    this.dirty = true;
    show('changed');
    this.soon(REST_MS);
  }

  /** Save now; whether everything is saved. */
  async flush(): Promise<boolean> {
    window.clearTimeout(this.timer);
    if (this.dirty) await this.save();
    return !this.dirty;
  }

  private soon(milliseconds: number): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.save(), milliseconds);
  }

  private async save(): Promise<void> {
    if (this.busy || this.stopped) return;
    this.busy = true;
    this.dirty = false;
    const body = await this.read();
    this.keep(body);
    try {
      show('saving');
      const answer = await send(this.url, json('PUT', { revision: this.revision, body }));
      this.revision = ((await answer.json()) as { revision: number }).revision;
      this.forget();
      show('saved');
      void this.inspect(body);
    } catch (error) {
      await this.failed(error, body);
    } finally {
      this.busy = false;
      if (this.dirty && !this.stopped) this.soon(this.retrying ? RETRY_MS : REST_MS);
    }
  }

  private retrying = false;

  private async failed(error: unknown, body: string): Promise<void> {
    const failure = error instanceof RequestFailed ? error : null;
    if (failure?.code === 'model_draft.changed') return this.conflict(failure.message, body);
    this.dirty = true;
    this.retrying = true;
    show(failure?.sessionEnded ? 'session' : 'failed', failure && failure.status >= 400 && failure.status < 500 && !failure.sessionEnded ? failure.message : undefined);
  }

  /** Somebody else saved meanwhile. Ours becomes a draft of its own, theirs stays; nothing is overwritten. */
  private async conflict(message: string, body: string): Promise<void> {
    this.stopped = true;
    show('conflict');
    const name = text('designer.copy_name', { name: this.name, time: clock(new Date()) });
    const answer = await send(`${this.url}/copies`, json('POST', { name, body }));
    const { key } = (await answer.json()) as { key: string };
    this.forget();
    notice(message, name, location.pathname.replace(/[^/]+$/, key));
  }

  private async inspect(body: string): Promise<void> {
    const answer = await send(`${this.url}/inspection`, json('POST', { body }));
    this.found(((await answer.json()) as { findings: Finding[] }).findings);
  }

  async number(reason: string, loophole: string, deploy: boolean): Promise<{ number: number; deployed: { id: string; version: number; new: boolean }[] }> {
    const answer = await send(`${this.url}/versions`, json('POST', { revision: this.revision, reason, loophole, deploy }));
    return (await answer.json()) as { number: number; deployed: { id: string; version: number; new: boolean }[] };
  }

  private get place(): string {
    return `mingjing.model:${this.url}`;
  }

  private keep(body: string): void {
    try {
      localStorage.setItem(this.place, JSON.stringify({ revision: this.revision, body }));
    } catch {
      /* a full or forbidden store: the server's copy is what counts */
    }
  }

  private kept(): string | null {
    try {
      const kept = JSON.parse(localStorage.getItem(this.place) ?? 'null') as { revision: number; body: string } | null;
      return kept && kept.revision === this.revision ? kept.body : null;
    } catch {
      return null;
    }
  }

  private forget(): void {
    localStorage.removeItem(this.place);
  }
}

export function json(method: string, body: unknown): RequestInit {
  return { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
}

export function show(state: SaveState, words?: string): void {
  for (const place of document.querySelectorAll<HTMLElement>('[data-save-state]')) {
    const line = document.createElement('span');
    line.textContent = words ?? text(`designer.${state}` as TextId, { time: clock(new Date()) });
    place.dataset.state = state;
    place.replaceChildren(ICONS[state](), line);
  }
}

function notice(message: string, name: string, address: string): void {
  const box = document.createElement('div');
  box.className = 'alert alert-warning designer-notice';
  box.setAttribute('role', 'alert');
  const words = document.createElement('p');
  words.textContent = message;
  const mine = document.createElement('a');
  mine.href = address;
  mine.textContent = text('designer.open_copy', { name });
  const theirs = document.createElement('a');
  theirs.href = location.pathname;
  theirs.textContent = text('designer.take_theirs');
  box.append(words, mine, ' · ', theirs);
  document.querySelector('.designer')?.prepend(box);
}
