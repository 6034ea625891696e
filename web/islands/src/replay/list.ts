/** The list of entries; of ten thousand only those in sight are in the page. It is the text of what the diagram shows. */
import { iconElement } from '../shared/page';
import { text, type TextId } from '../shared/texts';
import { beijing, markOf, type Entry } from './data';
import { make } from './dom';
import { say } from './texts';

export const ROW = 58;
const BEYOND = 8;

export class EventList {
  private readonly inner = make('ol', 'events-inner');
  private readonly rows = new Map<number, HTMLElement>();
  private current = 0;

  constructor(
    private readonly box: HTMLElement,
    private readonly entries: Entry[],
    private readonly brokenAt: number | null,
    private readonly seek: (count: number) => void,
  ) {
    box.tabIndex = 0;
    box.setAttribute('role', 'region');
    box.setAttribute('aria-label', say('events'));
    this.inner.setAttribute('aria-label', say('events'));
    this.inner.style.setProperty('height', `${entries.length * ROW}px`);
    box.append(this.inner);
    box.addEventListener('scroll', () => this.fill(), { passive: true });
    new ResizeObserver(() => this.fill()).observe(box);
    this.inner.addEventListener('click', (event) => {
      const row = (event.target as HTMLElement).closest<HTMLElement>('[data-seq]');
      if (row) this.seek(Number(row.dataset.seq));
    });
  }

  show(count: number): void {
    this.current = count;
    const top = Math.max(0, count - 1) * ROW;
    if (top < this.box.scrollTop || top + ROW > this.box.scrollTop + this.box.clientHeight) this.box.scrollTop = top - this.box.clientHeight / 2 + ROW / 2;
    this.fill();
    for (const [index, row] of this.rows) this.mark(row, index);
  }

  private fill(): void {
    const first = Math.max(0, Math.floor(this.box.scrollTop / ROW) - BEYOND);
    const last = Math.min(this.entries.length, Math.ceil((this.box.scrollTop + this.box.clientHeight) / ROW) + BEYOND);
    for (const [index, row] of this.rows) {
      if (index >= first && index < last) continue;
      row.remove();
      this.rows.delete(index);
    }
    for (let index = first; index < last; index++) if (!this.rows.has(index)) this.add(index);
  }

  private add(index: number): void {
    const row = this.row(this.entries[index]!);
    row.style.setProperty('top', `${index * ROW}px`);
    row.setAttribute('aria-setsize', String(this.entries.length));
    row.setAttribute('aria-posinset', String(index + 1));
    this.rows.set(index, row);
    this.mark(row, index);
    const next = [...this.rows.keys()].filter((other) => other > index).sort((a, b) => a - b)[0];
    this.inner.insertBefore(row, next === undefined ? null : this.rows.get(next)!);
  }

  private mark(row: HTMLElement, index: number): void {
    row.toggleAttribute('data-past', index < this.current - 1);
    if (index === this.current - 1) row.setAttribute('aria-current', 'step');
    else row.removeAttribute('aria-current');
  }

  private row(entry: Entry): HTMLElement {
    const mark = markOf(entry);
    const sealed = this.brokenAt === null || entry.seq < this.brokenAt;
    const seal = iconElement(sealed ? 'check' : 'x');
    seal.setAttribute('class', 'icon event-seal');
    seal.dataset.broken = String(!sealed);
    const button = make('button', 'event') as HTMLButtonElement;
    button.type = 'button';
    const head = make('span', 'event-head', make('b', '', entry.name || entry.kind), seal);
    const level = entry.level ? [riskChip(entry.level)] : [];
    const result = entry.outcome || (entry.refused ? say('mark_refused') : '');
    const who = make('span', 'event-who', make('span', 'cut', entry.person || say('system'), result ? ` · ${result}` : '', entry.opinion ? ` · ${entry.opinion}` : ''), ...level);
    const time = make('time', 'num quiet', beijing(entry.at));
    const files = make('span', 'event-files quiet', entry.photos ? say('photos', { count: entry.photos }) : '', entry.files ? ` ${say('files', { count: entry.files })}` : '');
    button.append(head, who, make('span', 'event-foot', time, files));
    const row = make('li', 'event-row', button);
    row.dataset.seq = String(entry.seq);
    row.dataset.mark = mark;
    return row;
  }
}

export function riskChip(level: string): HTMLElement {
  const chip = make('span', 'risk', text(`risk.${level}` as TextId));
  chip.dataset.risk = level;
  return chip;
}
