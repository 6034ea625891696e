/** Keys that people know from other task lists; the page of shortcuts names them all. */
import { typing } from './worklist';

const FIELDS = '.fjs-container .fjs-form-field:not(.fjs-readonly, .fjs-disabled) :is(input, textarea, [tabindex="0"]):not([type="hidden"], [readonly], [disabled])';

const go = (href: string): void => location.assign(href);
const focus = (selector: string): boolean => {
  const found = document.querySelector<HTMLElement>(selector);
  found?.focus();
  return found !== null;
};

/** The first field that takes the focus; form-js draws some that do not. */
function firstField(): void {
  for (const field of document.querySelectorAll<HTMLElement>(FIELDS)) {
    if (field.closest('.fjs-readonly')) continue;
    field.focus();
    if (document.activeElement === field) return;
  }
}

function firstTask(): void {
  const link = document.querySelector<HTMLAnchorElement>('[data-worklist] [data-row] [data-open]');
  go(link ? link.href : '/?tab=todo');
}

/** By key, with Ctrl and Alt. The letter of the key's place counts: with Alt some keyboards write something else. */
const WITH_ALT: Record<string, () => void> = {
  KeyL: firstTask,
  KeyP: () => go('/start'),
  KeyF: firstField,
  KeyO: () => focus('#opinion'),
  KeyC: () => document.querySelector<HTMLElement>('[data-claim]')?.click(),
};

function plain(event: KeyboardEvent): boolean {
  if (event.key === '/') return focus('[data-shortcut-search]');
  if (event.key !== '?') return false;
  const help = document.querySelector<HTMLLinkElement>('link[rel="help"]');
  if (help) go(help.href);
  return help !== null;
}

function withControl(event: KeyboardEvent): boolean {
  if (event.altKey) {
    const act = WITH_ALT[event.code];
    act?.();
    return act !== undefined;
  }
  if (event.shiftKey && event.code === 'KeyF') return focus('[data-shortcut-filters] a') || focus('[data-shortcut-filters]');
  if (event.key !== 'Enter' || event.shiftKey) return false;
  const submit = document.querySelector<HTMLElement>('[data-submit]');
  submit?.click();
  return submit !== null;
}

export function startShortcuts(): void {
  document.addEventListener('keydown', (event) => {
    const done = event.ctrlKey ? withControl(event) : !typing(event) && !event.altKey && !event.metaKey && plain(event);
    if (done) event.preventDefault();
  });
}
