/** An unchosen outcome is told beside the choices and in the reader's language, not in the browser's own bubble. */
import { iconElement } from '../shared/page';
import { text } from '../shared/texts';

function complain(choices: HTMLElement): void {
  const line = document.createElement('p');
  line.className = 'field-error';
  line.dataset.unchosen = '';
  line.setAttribute('role', 'alert');
  line.append(iconElement('alert-circle'), text('outcome.missing'));
  choices.append(line);
}

export function startOutcomes(): void {
  const form = document.querySelector<HTMLFormElement>('#completion');
  const choices = form?.querySelector<HTMLElement>('.outcomes');
  const first = choices?.querySelector<HTMLInputElement>('input[name="action"]');
  if (!form || !choices || !first) return;
  const forget = (): void => choices.querySelectorAll('[data-unchosen]').forEach((line) => line.remove());
  form.noValidate = true;
  choices.addEventListener('change', forget);
  form.addEventListener('submit', (event) => {
    forget();
    if (choices.querySelector('input[name="action"]:checked')) return;
    event.preventDefault();
    complain(choices);
    first.focus();
  });
}
