/** Photos of an entry, large: turned, enlarged, with their time and place. */
import { iconElement } from '../shared/page';
import { send } from '../shared/http';
import { toolButton } from '../diagram/viewer';
import { make } from './dom';
import { factsOf } from './exif';
import { say } from './texts';

const LARGEST = 5;

export class PhotoViewer {
  private readonly dialog = document.createElement('dialog');
  private readonly image = document.createElement('img');
  private readonly facts = make('dl', 'pairs photo-facts');
  private turns = 0;
  private size = 1;

  constructor() {
    this.dialog.className = 'photo-viewer';
    const bar = make(
      'div',
      'photo-bar',
      toolButton(iconElement('plus'), say('photo_in'), () => this.shape(this.turns, this.size * 1.4)),
      toolButton(iconElement('minus'), say('photo_out'), () => this.shape(this.turns, this.size / 1.4)),
      toolButton(iconElement('rotate-clockwise'), say('photo_turn'), () => this.shape(this.turns + 1, this.size)),
      toolButton(iconElement('x'), say('photo_close'), () => this.dialog.close()),
    );
    this.dialog.append(bar, make('div', 'photo-frame', this.image), this.facts);
    document.body.append(this.dialog);
  }

  /** Photos inside this element open here instead of in a new window. */
  catch(box: HTMLElement): void {
    box.addEventListener('click', (event) => {
      const link = (event.target as HTMLElement).closest<HTMLAnchorElement>('.photo a');
      if (!link) return;
      event.preventDefault();
      void this.open(link);
    });
  }

  private async open(link: HTMLAnchorElement): Promise<void> {
    const figure = link.closest('figure');
    this.image.alt = link.querySelector('img')?.alt ?? '';
    this.facts.replaceChildren(pair(say('photo_uploaded'), figure?.querySelector('time')?.textContent ?? '—'));
    this.shape(0, 1);
    this.dialog.setAttribute('aria-label', this.image.alt);
    this.dialog.showModal();
    const bytes = await (await send(link.href)).arrayBuffer();
    URL.revokeObjectURL(this.image.src);
    this.image.src = URL.createObjectURL(new Blob([bytes]));
    const { taken, latitude, longitude } = factsOf(bytes);
    if (taken) this.facts.append(pair(say('photo_taken'), taken));
    if (latitude !== null && longitude !== null) this.facts.append(pair(say('photo_place'), `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`));
    this.facts.append(make('p', 'small quiet', say(taken || latitude !== null ? 'photo_hint' : 'photo_none')));
  }

  private shape(turns: number, size: number): void {
    this.turns = turns % 4;
    this.size = Math.min(LARGEST, Math.max(0.3, size));
    this.image.style.setProperty('transform', `rotate(${this.turns * 90}deg) scale(${this.size})`);
  }
}

function pair(name: string, value: string): HTMLElement {
  return make('div', '', make('dt', '', name), make('dd', 'num', value));
}
