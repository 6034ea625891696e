/** Where the replay stands, and what moves it: play, pause, steps, seeks, speed. Draws through what it is given. */
import { Clock } from './clock';
import type { Entry } from './data';
import { markOf } from './data';
import type { Film } from './fold';

export const SPEEDS = [0.5, 1, 2, 4, 8, 16];

export class Player {
  v = 0;
  playing = false;
  speed = 1;
  clock: Clock;
  private compressed = true;
  private last = 0;
  private readonly times: number[];
  private readonly depths: number[];

  constructor(
    private readonly film: Film,
    private readonly entries: Entry[],
    private readonly draw: (stepped: boolean) => void,
  ) {
    this.times = entries.map((entry) => Date.parse(entry.at));
    this.depths = entries.map((entry) => Math.min(6, entry.moved.filter(([kind]) => kind === 'f').length));
    this.clock = new Clock(this.times, this.depths, true);
  }

  get count(): number {
    return this.clock.count(this.v);
  }

  get entry(): Entry | null {
    return this.entries[this.count - 1] ?? null;
  }

  /** Another axis; the moment stays. */
  compress(on: boolean): void {
    const count = this.count;
    this.compressed = on;
    this.clock = new Clock(this.times, this.depths, this.compressed);
    this.v = this.clock.after(count);
    this.draw(true);
  }

  /** To the moment after that many entries. */
  seek(count: number): void {
    this.pause();
    this.v = this.clock.after(Math.max(0, Math.min(count, this.film.length)));
    this.draw(true);
  }

  /** To a film time: the slider. */
  scrub(v: number): void {
    this.pause();
    this.v = v;
    this.draw(true);
  }

  step(by: number): void {
    this.seek(this.count + by);
  }

  /** To the next entry with an alert; false when there is none. */
  nextAlert(): boolean {
    const found = this.entries.find((entry) => entry.seq > this.count && ['alert', 'silent'].includes(markOf(entry)));
    if (found) this.seek(found.seq);
    return found !== undefined;
  }

  faster(by: number): void {
    const index = Math.min(SPEEDS.length - 1, Math.max(0, SPEEDS.indexOf(this.speed) + by));
    this.speed = SPEEDS[index]!;
    this.draw(false);
  }

  toggle(): void {
    if (this.playing) this.pause();
    else this.play();
  }

  play(): void {
    if (this.v >= this.clock.total - 1) this.v = 0;
    this.playing = true;
    this.last = performance.now();
    requestAnimationFrame((now) => this.tick(now));
    this.draw(false);
  }

  pause(): void {
    this.playing = false;
    this.draw(false);
  }

  private tick(now: number): void {
    if (!this.playing) return;
    const before = this.count;
    this.v = Math.min(this.clock.total, this.v + Math.max(0, now - this.last) * this.speed);
    this.last = now;
    if (this.v >= this.clock.total) this.playing = false;
    this.draw(this.count !== before);
    if (this.playing) requestAnimationFrame((next) => this.tick(next));
  }
}
