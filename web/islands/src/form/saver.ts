/** Saves a draft a little after the last change, one request at a time, and tries again after a failure. */
import { RequestFailed } from '../shared/http';
import type { DraftBody } from './copies';

export type SaveState = 'changed' | 'saving' | 'saved' | 'failed' | 'session' | 'conflict' | 'refused';

export interface SaverPorts {
  put: (body: DraftBody) => Promise<void>;
  show: (state: SaveState, reason?: string) => void;
  keep: (body: DraftBody) => void;
  forget: () => void;
}

/** Another window has saved this draft: nothing is tried again until the person has chosen. */
export const DRAFT_CHANGED = 'draft.changed';
const REFUSED = new Set([400, 413, 422]);
export const WAIT_MS = 1000;
export const RETRY_MS = 8000;

export class Saver {
  private pending: DraftBody | null = null;
  private running = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly ports: SaverPorts) {}

  get unsaved(): DraftBody | null {
    return this.pending;
  }

  changed(body: DraftBody): void {
    this.pending = body;
    this.ports.show('changed');
    this.plan(WAIT_MS);
  }

  async flush(): Promise<void> {
    clearTimeout(this.timer);
    if (this.running || !this.pending) return;
    const body = this.pending;
    this.running = true;
    this.ports.show('saving');
    try {
      await this.ports.put(body);
      this.done(body);
    } catch (error) {
      this.failed(body, error);
    } finally {
      this.running = false;
    }
    if (this.pending && this.pending !== body) this.plan(WAIT_MS);
  }

  private done(body: DraftBody): void {
    this.ports.forget();
    if (this.pending === body) {
      this.pending = null;
      this.ports.show('saved');
    }
  }

  private failed(body: DraftBody, error: unknown): void {
    this.ports.keep(this.pending ?? body);
    if (error instanceof RequestFailed && error.code === DRAFT_CHANGED) {
      this.ports.show('conflict');
      return;
    }
    // What the server will not take stays untaken until the text changes; everything else is tried again.
    if (error instanceof RequestFailed && REFUSED.has(error.status)) {
      this.ports.show('refused', error.message || undefined);
      return;
    }
    const ended = error instanceof RequestFailed && error.sessionEnded;
    this.ports.show(ended ? 'session' : 'failed');
    this.plan(RETRY_MS);
  }

  private plan(wait: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), wait);
  }
}
