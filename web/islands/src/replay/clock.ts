/** Pure: the axis of the replay. Each entry first waits (idle), then its tokens move, then it stands. */

export interface Beat {
  /** Film milliseconds at which its tokens begin to move, and at which they have arrived. */
  from: number;
  to: number;
}

const TRAVEL = 550;
const SHORTEST = 250;

export class Clock {
  readonly beats: Beat[] = [];
  readonly total: number;

  /**
   * times: real instants of the entries. depths: how many flows each has to go one after the other.
   * compressed: long waits become short (by their logarithm); else waits keep their proportions.
   */
  constructor(
    readonly times: number[],
    depths: number[],
    compressed: boolean,
  ) {
    const whole = Math.max(1, (times.at(-1) ?? 0) - (times[0] ?? 0));
    const length = Math.min(600_000, 1500 * times.length);
    let now = 0;
    times.forEach((time, index) => {
      const gap = index ? Math.max(0, time - times[index - 1]!) : 0;
      now += compressed ? Math.min(1600, SHORTEST + 130 * Math.log2(1 + gap / 60_000)) : Math.max(SHORTEST / 5, (gap / whole) * length);
      const to = now + TRAVEL * Math.max(depths[index] ?? 0, 0.3);
      this.beats.push({ from: now, to });
      now = to;
    });
    this.total = now + SHORTEST;
  }

  /** How many entries have happened at film time v. */
  count(v: number): number {
    let low = 0;
    let high = this.beats.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.beats[middle]!.to <= v) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** How far the tokens of the next entry have come at v: 0 not begun, 1 arrived. */
  progress(v: number): number {
    const beat = this.beats[this.count(v)];
    return beat && v > beat.from ? (v - beat.from) / (beat.to - beat.from) : 0;
  }

  /** Film time at which that many entries have just happened. */
  after(count: number): number {
    return count < 1 ? 0 : (this.beats[Math.min(count, this.beats.length) - 1]?.to ?? 0);
  }

  /** The real instant shown at v. */
  instant(v: number): number {
    const count = this.count(v);
    const before = this.times[count - 1] ?? this.times[0] ?? 0;
    const next = this.times[count];
    if (next === undefined) return before;
    const start = this.after(count);
    const share = Math.min(1, Math.max(0, (v - start) / Math.max(1, this.beats[count]!.from - start)));
    return before + (next - before) * share;
  }
}

/** The number of entries that a deep link means: a number, or an instant (what had happened by then). */
export function momentOf(link: string | null, times: number[]): number {
  if (!link) return times.length ? 1 : 0;
  if (/^\d{1,9}$/.test(link)) return Math.min(Number(link), times.length);
  const instant = Date.parse(link);
  if (Number.isNaN(instant)) return times.length ? 1 : 0;
  return times.filter((time) => time <= instant).length;
}
