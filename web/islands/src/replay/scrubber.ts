/** The time line: a slider, and above it marks for completions, alerts and returns. */
import { markOf, type Entry } from './data';
import type { Clock } from './clock';
import { make, makeSvg } from './dom';
import { say } from './texts';

const BINS = 400;
const GRAVITY = ['done', 'refused', 'return', 'alert', 'silent'] as const;

export class Scrubber {
  readonly element = make('div', 'scrubber');
  private readonly marks = makeSvg('svg', { class: 'scrubber-marks', viewBox: `0 0 ${BINS} 14`, preserveAspectRatio: 'none', 'aria-hidden': 'true' });
  private readonly slider = document.createElement('input');
  private readonly kept = makeSvg('rect', { y: 0, width: 2, height: 14, class: 'scrubber-kept' });

  constructor(
    private readonly entries: Entry[],
    seek: (v: number) => void,
  ) {
    this.slider.type = 'range';
    this.slider.min = '0';
    this.slider.step = 'any';
    this.slider.setAttribute('aria-label', say('seek'));
    this.slider.addEventListener('input', () => seek(Number(this.slider.value)));
    this.element.append(this.marks, this.slider);
  }

  /** The axis has changed: one mark a place, the gravest of what lies there. */
  lay(clock: Clock): void {
    this.slider.max = String(clock.total);
    const bins = new Map<number, (typeof GRAVITY)[number]>();
    this.entries.forEach((entry, index) => {
      const bin = Math.min(BINS - 1, Math.floor((clock.after(index + 1) / clock.total) * BINS));
      const mark = markOf(entry);
      if (GRAVITY.indexOf(mark) >= GRAVITY.indexOf(bins.get(bin) ?? 'done')) bins.set(bin, mark);
    });
    this.marks.replaceChildren(
      ...[...bins].map(([bin, mark]) => {
        const tall = mark === 'done' ? 5 : 12;
        return makeSvg('rect', { x: bin, y: 14 - tall, width: mark === 'done' ? 1 : 2, height: tall, class: `scrubber-${mark}` });
      }),
      this.kept,
    );
  }

  show(v: number, words: string): void {
    this.slider.value = String(v);
    this.slider.setAttribute('aria-valuetext', words);
  }

  /** The first of two moments that are compared; null for none. */
  keep(v: number | null, clock: Clock): void {
    this.kept.setAttribute('x', String(v === null ? -10 : (v / clock.total) * BINS));
  }
}
