/** Photos one by one in a window of their own: by keyboard, larger, turned. Without script they are links to the picture. */
import { iconElement } from '../shared/page';
import { text, type TextId } from '../shared/texts';

const LARGEST = 8;

class Viewer {
  private readonly dialog = document.createElement('dialog');
  private readonly image = document.createElement('img');
  private readonly caption = document.createElement('p');
  private photos: HTMLAnchorElement[] = [];
  private at = 0;
  private zoom = 1;
  private turned = 0;

  constructor() {
    this.dialog.className = 'viewer';
    this.dialog.setAttribute('aria-label', text('viewer.label'));
    const frame = document.createElement('div');
    frame.className = 'viewer-frame';
    frame.tabIndex = 0;
    frame.append(this.image);
    this.caption.setAttribute('aria-live', 'polite');
    this.dialog.append(this.bar(), frame, this.caption);
    this.dialog.addEventListener('keydown', (event) => this.key(event));
    this.dialog.addEventListener('close', () => this.photos[this.at]?.focus());
    document.body.append(this.dialog);
  }

  open(photo: HTMLAnchorElement): void {
    this.photos = [...document.querySelectorAll<HTMLAnchorElement>('a[data-photo]')].filter((link) => link.checkVisibility());
    this.dialog.showModal();
    this.show(Math.max(0, this.photos.indexOf(photo)));
  }

  private bar(): HTMLElement {
    const bar = document.createElement('div');
    bar.className = 'viewer-bar';
    const buttons: [TextId, string, () => void][] = [
      ['viewer.before', 'chevron-left', () => this.show(this.at - 1)],
      ['viewer.next', 'chevron-right', () => this.show(this.at + 1)],
      ['viewer.larger', 'zoom-in', () => this.scale(1.25)],
      ['viewer.smaller', 'zoom-out', () => this.scale(0.8)],
      ['viewer.turn', 'rotate-clockwise', () => this.turn()],
      ['viewer.close', 'x', () => this.dialog.close()],
    ];
    for (const [label, icon, act] of buttons) {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'icon-button';
      button.title = text(label);
      button.setAttribute('aria-label', text(label));
      button.append(iconElement(icon));
      button.addEventListener('click', act);
      bar.append(button);
    }
    return bar;
  }

  private show(index: number): void {
    const photo = this.photos[(index + this.photos.length) % this.photos.length];
    if (!photo) return;
    this.at = this.photos.indexOf(photo);
    [this.zoom, this.turned] = [1, 0];
    this.image.src = photo.href;
    this.image.alt = photo.querySelector('img')?.alt ?? '';
    const words = photo.closest('figure')?.querySelector('figcaption')?.textContent?.replace(/\s+/g, ' ').trim() ?? '';
    this.caption.textContent = `${this.at + 1}/${this.photos.length} ${words}`;
    this.place();
  }

  private scale(factor: number): void {
    this.zoom = Math.min(LARGEST, Math.max(1, this.zoom * factor));
    this.place();
  }

  private turn(): void {
    this.turned = (this.turned + 90) % 360;
    this.place();
  }

  private place(): void {
    this.image.style.width = `${this.zoom * 100}%`;
    this.image.style.height = `${this.zoom * 100}%`;
    this.image.style.transform = `rotate(${this.turned}deg)`;
    this.image.dataset.turned = String(this.turned);
    this.image.dataset.zoom = this.zoom.toFixed(2);
  }

  private key(event: KeyboardEvent): void {
    const acts: Record<string, () => void> = {
      ArrowLeft: () => this.show(this.at - 1),
      ArrowRight: () => this.show(this.at + 1),
      '+': () => this.scale(1.25),
      '=': () => this.scale(1.25),
      '-': () => this.scale(0.8),
      r: () => this.turn(),
    };
    const act = acts[event.key];
    if (!act || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    act();
  }
}

export function startViewer(): void {
  let viewer: Viewer | undefined;
  document.addEventListener('click', (event) => {
    const photo = (event.target as HTMLElement).closest<HTMLAnchorElement>('a[data-photo]');
    if (!photo || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    viewer ??= new Viewer();
    viewer.open(photo);
  });
}
