/** Small helps that every page may use; each leaves a page without script working. */
import { iconElement } from '../shared/page';
import { text } from '../shared/texts';

export function startCopying(): void {
  document.querySelectorAll<HTMLButtonElement>('[data-copy]').forEach((button) => {
    button.hidden = !navigator.clipboard;
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(button.dataset.copy ?? '');
      const before = [...button.childNodes];
      button.replaceChildren(iconElement('check'));
      button.setAttribute('title', text('copy.done'));
      setTimeout(() => button.replaceChildren(...before), 1500);
    });
  });
}

/** Menus made of <details> close on Escape and on a click elsewhere. */
export function startMenus(): void {
  const open = (): NodeListOf<HTMLDetailsElement> => document.querySelectorAll('details[data-menu][open], details.drawer[open]');
  document.addEventListener('click', (event) => {
    open().forEach((menu) => {
      if (!menu.contains(event.target as Node)) menu.open = false;
    });
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    open().forEach((menu) => {
      menu.open = false;
      menu.querySelector('summary')?.focus();
    });
  });
}

function unsent(form: HTMLFormElement): void {
  delete form.dataset.sent;
  form.removeAttribute('aria-busy');
}

/** Whether the server answers and reaches its database. */
async function reachable(): Promise<boolean> {
  try {
    return (await fetch('/readyz', { cache: 'no-store', signal: AbortSignal.timeout(8000) })).ok;
  } catch {
    return false;
  }
}

/** Leaving the page for the browser's "no connection" would take away what was filled in: so we ask first. */
async function sendWhenReachable(form: HTMLFormElement): Promise<void> {
  form.querySelector('[data-unreachable]')?.remove();
  if (await reachable()) {
    form.submit();
    return;
  }
  unsent(form);
  const notice = document.createElement('p');
  const words = document.createElement('span');
  notice.className = 'notice';
  notice.dataset.tone = 'danger';
  notice.dataset.unreachable = '';
  notice.setAttribute('role', 'alert');
  words.textContent = text('request.unreachable');
  notice.append(iconElement('plug-connected-x'), words);
  form.prepend(notice);
}

/** A form that is on its way is not sent twice. The command id would make the second harmless anyway. */
export function startOnce(): void {
  document.addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement;
    if (!('once' in form.dataset) || event.defaultPrevented) return;
    event.preventDefault();
    if (form.dataset.sent) return;
    form.dataset.sent = 'true';
    form.setAttribute('aria-busy', 'true');
    void sendWhenReachable(form);
  });
  addEventListener('pageshow', () => document.querySelectorAll<HTMLFormElement>('form[data-sent]').forEach(unsent));
}

/** Demonstration people on the sign-in page: one click fills name and password. */
export function startFilling(): void {
  document.querySelectorAll<HTMLButtonElement>('[data-fill-username]').forEach((button) => {
    button.addEventListener('click', () => {
      const form = document.querySelector<HTMLFormElement>('#sign-in');
      const field = (name: string): HTMLInputElement | null => form?.querySelector(`[name="${name}"]`) ?? null;
      field('username')!.value = button.dataset.fillUsername ?? '';
      field('password')!.value = button.dataset.fillPassword ?? '';
      document.querySelectorAll('[data-fill-username]').forEach((other) => other.setAttribute('aria-pressed', String(other === button)));
      form?.querySelector<HTMLButtonElement>('.btn-primary')?.focus();
    });
  });
}
