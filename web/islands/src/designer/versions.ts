/** The two buttons above an editor: give the draft a number with a reason, and put it into force. */
import { RequestFailed } from '../shared/http';
import { text } from '../shared/texts';
import { show, type Session } from './session';

export function startVersions(session: Session): void {
  const dialog = document.querySelector<HTMLDialogElement>('[data-version-dialog]');
  const form = dialog?.querySelector('form');
  if (!dialog || !form) return;
  let deploy = false;
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-designer]')) {
    button.disabled = false;
    button.addEventListener('click', () => {
      deploy = button.dataset.designer === 'deploy';
      heading(dialog, deploy);
      problem(dialog, '');
      dialog.showModal();
    });
  }
  dialog.querySelector('[data-close]')?.addEventListener('click', () => dialog.close());
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void submit(session, dialog, form, deploy);
  });
}

async function submit(session: Session, dialog: HTMLDialogElement, form: HTMLFormElement, deploy: boolean): Promise<void> {
  const fields = new FormData(form);
  const go = form.querySelector<HTMLButtonElement>('[value="go"]');
  if (go) go.disabled = true;
  try {
    if (!(await session.flush())) return problem(dialog, text('designer.failed'));
    const made = await session.number(String(fields.get('reason') ?? ''), String(fields.get('loophole') ?? ''), deploy);
    form.reset();
    dialog.close();
    const deployed = made.deployed.map((one) => `${one.id} v${one.version}`).join(', ');
    show('saved', deploy ? text('designer.deployed', { what: deployed }) : text('designer.numbered', { number: made.number }));
  } catch (error) {
    const words = error instanceof RequestFailed && error.message ? error.message : text('request.failed');
    problem(dialog, words);
  } finally {
    if (go) go.disabled = false;
  }
}

function heading(dialog: HTMLDialogElement, deploy: boolean): void {
  const title = dialog.querySelector('h2');
  if (title) title.textContent = text(deploy ? 'designer.deploy' : 'designer.number');
}

function problem(dialog: HTMLDialogElement, words: string): void {
  const place = dialog.querySelector<HTMLElement>('[data-version-problem]');
  if (!place) return;
  place.textContent = words;
  place.hidden = !words;
}
