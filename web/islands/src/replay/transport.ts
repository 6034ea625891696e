/** The buttons below the diagram. */
import { toolButton } from '../diagram/viewer';
import { iconElement } from '../shared/page';
import { make } from './dom';
import { SPEEDS } from './player';
import { say, type ReplayText } from './texts';
import type { KeyAction } from './keys';

export class Transport {
  readonly element = make('div', 'transport');
  readonly time = make('output', 'transport-time num');
  private readonly play: HTMLButtonElement;
  private readonly compare: HTMLButtonElement;
  private readonly speed = document.createElement('select');
  private readonly idle = document.createElement('input');

  constructor(act: (action: KeyAction) => void, on: { speed(speed: number): void; compress(on: boolean): void }) {
    const button = (icon: SVGSVGElement, words: ReplayText, action: KeyAction): HTMLButtonElement => toolButton(icon, say(words), () => act(action));
    this.play = button(iconElement('player-play'), 'play', 'play');
    this.play.classList.add('transport-play');
    this.compare = button(iconElement('git-compare'), 'compare', 'compare');
    this.speed.className = 'form-select transport-speed';
    this.speed.setAttribute('aria-label', say('speed'));
    this.speed.append(...SPEEDS.map((speed) => new Option(`${speed}×`, String(speed), speed === 1, speed === 1)));
    this.speed.addEventListener('change', () => on.speed(Number(this.speed.value)));
    this.idle.type = 'checkbox';
    this.idle.checked = true;
    this.idle.className = 'form-check-input';
    this.idle.addEventListener('change', () => on.compress(this.idle.checked));
    this.element.append(
      button(iconElement('player-skip-back'), 'first', 'first'),
      button(iconElement('player-track-prev'), 'back', 'back'),
      this.play,
      button(iconElement('player-track-next'), 'forward', 'forward'),
      button(iconElement('player-skip-forward'), 'last', 'last'),
      this.time,
      this.speed,
      make('label', 'form-check transport-idle', this.idle, make('span', 'form-check-label', say('compress'))),
      button(iconElement('alert-triangle'), 'next_alert', 'alert'),
      this.compare,
      button(iconElement('keyboard'), 'help', 'help'),
    );
  }

  show(playing: boolean, speed: number, comparing: boolean, words: string): void {
    const name = say(playing ? 'pause' : 'play');
    if (this.play.title !== name) {
      this.play.replaceChildren(iconElement(playing ? 'player-pause' : 'player-play'));
      this.play.title = name;
      this.play.setAttribute('aria-label', name);
    }
    this.compare.setAttribute('aria-pressed', String(comparing));
    const compare = say(comparing ? 'compare_end' : 'compare');
    this.compare.title = compare;
    this.compare.setAttribute('aria-label', compare);
    this.speed.value = String(speed);
    this.time.textContent = words;
  }
}
