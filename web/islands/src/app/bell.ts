/** The number beside the bell. Asked for after the page is there, and again while somebody looks at it. */

const EVERY_MS = 60_000;

async function ask(bell: HTMLElement): Promise<void> {
  if (document.visibilityState === 'hidden') return;
  try {
    const answer = await fetch(bell.dataset.bell ?? '', { credentials: 'same-origin', redirect: 'manual', headers: { Accept: 'application/json' } });
    if (!answer.ok) return;
    const { unread } = (await answer.json()) as { unread: number };
    const count = bell.querySelector<HTMLElement>('.bell-count');
    if (!count) return;
    count.hidden = unread === 0;
    count.textContent = unread > 99 ? '99+' : String(unread);
    bell.setAttribute('aria-label', `${bell.dataset.label ?? ''} ${unread || ''}`.trim());
  } catch {
    /* the next look will do */
  }
}

export function startBell(): void {
  const bell = document.querySelector<HTMLElement>('[data-bell]');
  if (!bell) return;
  bell.dataset.label = bell.getAttribute('aria-label') ?? '';
  void ask(bell);
  setInterval(() => void ask(bell), EVERY_MS);
}
