/** What stands on the right: the entry at the moment in full, all values, or what differs between two moments. */
import { send } from '../shared/http';
import { iconElement } from '../shared/page';
import { beijing, type Entry } from './data';
import { make } from './dom';
import { riskChip } from './list';
import { PhotoViewer } from './photos';
import { say } from './texts';

const KEPT = 60;
const PATIENCE_MS = 140;

export interface Addresses {
  entryUrl: string;
  valuesUrl: string;
}

export class Detail {
  private readonly pages = new Map<string, string>();
  private wanted = '';
  private timer = 0;
  private readonly head = make('header', 'detail-head');
  private readonly body = make('div', 'detail-body');
  private readonly values = document.createElement('details');

  constructor(
    box: HTMLElement,
    private readonly addresses: Addresses,
    private readonly brokenAt: number | null,
  ) {
    this.values.className = 'detail-values';
    box.append(this.head, this.body, this.values);
    new PhotoViewer().catch(this.body);
    this.values.addEventListener('toggle', () => this.values.open && this.loadValues());
  }

  /** The head at once; the body when the moment has stood for a moment. */
  show(entry: Entry | null, stands: string): void {
    const silent = (entry?.silent ?? []).map((one) => {
      const link = make('a', '', `${one.name} · ${one.element}`) as HTMLAnchorElement;
      link.href = `/discipline/${one.key}`;
      return make('p', 'notice', iconElement('lock'), make('span', '', `${say('silent')}: `, link), riskChip(one.level));
    });
    silent.forEach((notice) => (notice.dataset.tone = 'danger'));
    this.head.replaceChildren(...(entry ? [this.title(entry), this.seal(entry)] : [make('h2', '', say('before_start'))]), make('p', 'small detail-stands', iconElement('progress'), stands), ...silent);
    this.values.dataset.seq = String(entry?.seq ?? 0);
    this.values.open = false;
    this.values.replaceChildren(make('summary', '', say('values')));
    this.values.hidden = !entry;
    if (!entry) return this.put('', '');
    this.load(this.addresses.entryUrl.replace(/1$/, String(entry.seq)), PATIENCE_MS);
  }

  /** Two moments side by side. */
  compare(from: Entry | null, to: Entry | null): void {
    const [a, b] = [from?.seq ?? 0, to?.seq ?? 0].sort((x, y) => x - y) as [number, number];
    const [early, late] = (from?.seq ?? 0) <= (to?.seq ?? 0) ? [from, to] : [to, from];
    const when = (entry: Entry | null): string => (entry ? beijing(entry.at) : say('before_start'));
    this.head.replaceChildren(make('h2', '', say('differences', { from: a, to: b })), make('p', 'small quiet num', `${when(early)} → ${when(late)} · ${say('steps_between', { count: b - a })}`));
    this.values.hidden = true;
    this.load(`${this.addresses.valuesUrl}?t=${b}&against=${a}`, PATIENCE_MS);
  }

  private title(entry: Entry): HTMLElement {
    return make('h2', '', entry.name || entry.kind, ' ', ...(entry.level ? [riskChip(entry.level)] : []));
  }

  private seal(entry: Entry): HTMLElement {
    const state = this.brokenAt === null || entry.seq < this.brokenAt ? 'ok' : entry.seq === this.brokenAt ? 'bad' : 'after';
    const words = state === 'bad' ? say('seal_bad', { seq: entry.seq }) : say(state === 'ok' ? 'seal_ok' : 'seal_after');
    const line = make('p', 'small detail-seal', iconElement(state === 'ok' ? 'shield-check' : 'alert-octagon'), words);
    line.dataset.seal = state;
    return line;
  }

  private loadValues(): void {
    const box = make('div', 'detail-table', make('p', 'quiet', say('loading')));
    this.values.append(box);
    void this.page(`${this.addresses.valuesUrl}?t=${this.values.dataset.seq}`).then((page) => fillIn(box, page));
  }

  private load(url: string, patience: number): void {
    this.wanted = url;
    clearTimeout(this.timer);
    const known = this.pages.get(url);
    if (known !== undefined) return this.put(url, known);
    this.body.setAttribute('aria-busy', 'true');
    this.timer = window.setTimeout(() => void this.page(url).then((page) => this.put(url, page)), patience);
  }

  private put(url: string, page: string): void {
    if (url && url !== this.wanted) return;
    this.wanted = url;
    this.body.removeAttribute('aria-busy');
    fillIn(this.body, page);
  }

  private async page(url: string): Promise<string> {
    const known = this.pages.get(url);
    if (known !== undefined) return known;
    try {
      const page = await (await send(url, { headers: { 'HX-Request': 'true' } })).text();
      if (this.pages.size >= KEPT) this.pages.delete(this.pages.keys().next().value!);
      this.pages.set(url, page);
      return page;
    } catch {
      return `<p class="quiet">${say('entry_failed')}</p>`;
    }
  }
}

/** Our own server's fragments: text in them is escaped there, and the CSP runs no script of them. */
function fillIn(box: HTMLElement, page: string): void {
  box.innerHTML = page;
}
