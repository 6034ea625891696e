/** Common phrases beside the opinion: a click writes one at the cursor; what is written can be kept as a phrase. */
import { send } from '../shared/http';
import { text } from '../shared/texts';

function insert(area: HTMLTextAreaElement, phrase: string): void {
  area.setRangeText(phrase, area.selectionStart, area.selectionEnd, 'end');
  area.dispatchEvent(new Event('input', { bubbles: true }));
  area.focus();
}

async function keep(button: HTMLElement, area: HTMLTextAreaElement): Promise<void> {
  const phrase = area.value.trim();
  if (!phrase) return;
  try {
    await send(button.dataset.keepPhrase ?? '', { method: 'POST', body: new URLSearchParams({ text: phrase }), redirect: 'follow' });
    button.textContent = text('phrase.kept');
  } catch {
    button.textContent = text('request.failed');
  }
}

export function startPhrases(): void {
  const area = document.querySelector<HTMLTextAreaElement>('#opinion');
  const menu = document.querySelector<HTMLDetailsElement>('.phrases');
  if (!area || !menu) return;
  menu.hidden = false;
  menu.addEventListener('click', (event) => {
    const button = (event.target as HTMLElement).closest<HTMLElement>('button');
    if (!button) return;
    if (button.dataset.phrase !== undefined) {
      insert(area, button.dataset.phrase);
      menu.open = false;
    } else if (button.dataset.keepPhrase) void keep(button, area);
  });
}
