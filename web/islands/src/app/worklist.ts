/** The list of tasks by keyboard, with a preview beside it where the screen is wide. Rows stay links without script. */
import { send } from '../shared/http';

const WIDE = '(min-width: 85.375rem)';

class Worklist {
  private readonly rows: HTMLElement[];
  private readonly aside: HTMLElement | null;
  private chosen = -1;
  private turn = 0;

  constructor(root: HTMLElement) {
    this.rows = [...root.querySelectorAll<HTMLElement>('[data-row]')];
    this.aside = root.querySelector<HTMLElement>('#preview');
  }

  start(): void {
    this.rows.forEach((row, index) => {
      row.addEventListener('click', (event) => {
        if (!(event.target as HTMLElement).closest('a, button')) this.choose(index);
      });
      row.addEventListener('focusin', () => this.choose(index, false));
    });
    document.addEventListener('keydown', (event) => {
      if (typing(event) || event.ctrlKey || event.altKey || event.metaKey) return;
      if (event.key === 'j' || event.key === 'k') this.choose(this.chosen + (event.key === 'j' ? 1 : -1));
    });
  }

  private choose(index: number, focus = true): void {
    const row = this.rows[Math.max(0, Math.min(index, this.rows.length - 1))];
    if (!row) return;
    const same = this.rows[this.chosen] === row;
    this.chosen = this.rows.indexOf(row);
    this.rows.forEach((other) => other.toggleAttribute('data-chosen', other === row));
    if (focus) row.querySelector<HTMLElement>('[data-open]')?.focus();
    if (!same) void this.show(row.dataset.preview ?? '');
  }

  /** Of several rows chosen quickly the last one counts. */
  private async show(address: string): Promise<void> {
    if (!this.aside || !address || !matchMedia(WIDE).matches) return;
    this.turn += 1;
    const turn = this.turn;
    await new Promise((resolve) => setTimeout(resolve, 150));
    if (turn !== this.turn) return;
    try {
      const answer = await send(address, { headers: { Accept: 'text/html' } });
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const body = page.querySelector('.preview-body');
      if (body && turn === this.turn) this.aside.replaceChildren(body);
    } catch {
      /* the row is still a link */
    }
  }
}

/** Whether a key belongs to what somebody is writing. */
export function typing(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

export function startWorklist(): void {
  document.querySelectorAll<HTMLElement>('[data-worklist]').forEach((root) => new Worklist(root).start());
}
