/** Uploads of attachments and site photos: at once, with progress, by choosing or dropping. The list is the server's. */
import { problemOf, send, type RequestFailed } from '../shared/http';
import { csrfToken, iconElement } from '../shared/page';
import { text } from '../shared/texts';

const MEBI = 2 ** 20;
const POSITION_MS = 6000;

/** Where the device is, for a photo taken just now; empty when it does not say, which is no reason to wait or refuse. */
function position(): Promise<string> {
  return new Promise((resolve) => {
    if (!navigator.geolocation) return resolve('');
    const options = { enableHighAccuracy: true, timeout: POSITION_MS, maximumAge: 30_000 };
    const told = ({ coords }: GeolocationPosition): void => resolve(`${coords.latitude},${coords.longitude},${coords.accuracy}`);
    navigator.geolocation.getCurrentPosition(told, () => resolve(''), options);
  });
}

/** fetch cannot report how much of a request has gone out; XMLHttpRequest can. */
function upload(url: string, body: FormData, progress: (part: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', url);
    request.setRequestHeader('X-CSRFToken', csrfToken());
    request.setRequestHeader('Accept', 'application/json');
    request.upload.addEventListener('progress', (event) => event.lengthComputable && progress(event.loaded / event.total));
    request.addEventListener('load', () => (request.status < 300 ? resolve() : reject(problemOf(request.status, request.responseText))));
    request.addEventListener('error', () => reject(problemOf(0, '')));
    request.send(body);
  });
}

class Uploads {
  constructor(private readonly root: HTMLElement) {}

  start(): void {
    this.root.dataset.filesReady = '';
    this.root.addEventListener('change', (event) => this.chosen(event));
    this.root.addEventListener('submit', (event) => void this.removed(event));
    for (const kind of ['dragenter', 'dragover', 'dragleave', 'drop'] as const) this.root.addEventListener(kind, (event) => this.dragged(event));
  }

  private chosen(event: Event): void {
    const input = event.target as HTMLInputElement;
    const form = input.closest<HTMLFormElement>('[data-upload]');
    if (!form || input.type !== 'file' || !input.files) return;
    const files = [...input.files];
    input.value = '';
    form.querySelectorAll('.upload-list [data-failed]').forEach((line) => line.remove());
    const where = 'camera' in input.dataset ? position() : Promise.resolve('');
    void where.then((place) => this.send(form, files, place));
  }

  private dragged(event: DragEvent): void {
    const zone = (event.target as HTMLElement).closest<HTMLElement>('.upload-zone');
    if (!zone) return;
    event.preventDefault();
    zone.toggleAttribute('data-over', event.type === 'dragenter' || event.type === 'dragover');
    const form = zone.closest<HTMLFormElement>('[data-upload]');
    if (event.type === 'drop' && form && event.dataTransfer) void this.send(form, [...event.dataTransfer.files]);
  }

  private async send(form: HTMLFormElement, files: File[], place = ''): Promise<void> {
    const failures: HTMLElement[] = [];
    for (const file of files) {
      const failed = await this.sendOne(form, file, place);
      if (failed) failures.push(failed);
    }
    if (failures.length < files.length) await this.refresh();
    const code = CSS.escape(form.dataset.upload ?? '');
    this.root.querySelector(`[data-upload="${code}"] .upload-list`)?.append(...failures);
  }

  private async sendOne(form: HTMLFormElement, file: File, place: string): Promise<HTMLElement | null> {
    const line = document.createElement('li');
    const limit = Number(form.dataset.limit);
    if (limit && file.size > limit * MEBI) return this.failure(line, text('upload.too_large', { name: file.name, limit }));
    const bar = document.createElement('progress');
    bar.max = 1;
    line.append(text('upload.running', { name: file.name }), bar);
    form.querySelector('.upload-list')?.append(line);
    const body = new FormData();
    for (const name of ['kind', 'code']) body.append(name, form.querySelector<HTMLInputElement>(`[name="${name}"]`)?.value ?? '');
    if (place) body.append('position', place);
    body.append('file', file, file.name);
    try {
      await upload(form.dataset.api ?? form.action, body, (part) => {
        bar.value = part;
      });
      line.remove();
      return null;
    } catch (error) {
      const { message, sessionEnded } = error as RequestFailed;
      const notice = document.querySelector<HTMLElement>('#session-notice');
      if (notice && sessionEnded) notice.hidden = false;
      return this.failure(line, message ? `${file.name}：${message}` : text('upload.failed', { name: file.name }));
    }
  }

  private failure(line: HTMLElement, words: string): HTMLElement {
    const close = document.createElement('button');
    close.type = 'button';
    close.className = 'icon-button';
    close.setAttribute('aria-label', text('upload.close'));
    close.append(iconElement('x'));
    close.addEventListener('click', () => line.remove());
    line.dataset.failed = '';
    line.setAttribute('role', 'alert');
    line.replaceChildren(words, close);
    return line;
  }

  private async removed(event: SubmitEvent): Promise<void> {
    const form = event.target as HTMLFormElement;
    if (!('removeFile' in form.dataset)) return;
    event.preventDefault();
    await send(form.action, { method: 'POST', body: new FormData(form), redirect: 'follow' });
    await this.refresh();
  }

  private asked = 0;

  /** Show the server's list. Of several uploads at once the last answer asked for counts, and it replaces what is there. */
  private async refresh(): Promise<void> {
    const address = this.root.querySelector<HTMLElement>('#materials')?.dataset.refresh;
    if (!address) return;
    this.asked += 1;
    const turn = this.asked;
    const answer = await send(address, { headers: { Accept: 'text/html' } });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    if (turn !== this.asked) return;
    const fresh = page.querySelector('#materials');
    if (fresh) this.root.querySelector('#materials')?.replaceWith(fresh);
    const files = page.querySelector('[data-case-files]');
    if (files) document.querySelector('#files')?.replaceChildren(...files.childNodes);
    this.root.querySelectorAll<HTMLElement>('.material[data-done="true"]').forEach((material) => settled(material.dataset.material ?? ''));
  }
}

/** What was wrong about a material when the page was sent is no longer so: the list above the form says it no more. */
function settled(material: string): void {
  const problem = document.querySelector<HTMLElement>('#problem');
  if (!problem || !material) return;
  problem.querySelectorAll(`li[data-place="${CSS.escape(material)}"]`).forEach((line) => line.remove());
  if (problem.dataset.details !== undefined && !problem.querySelector('li')) problem.remove();
}

export function mount(element: HTMLElement): void {
  new Uploads(element).start();
}
