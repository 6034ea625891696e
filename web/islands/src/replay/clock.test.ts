import { expect, it } from 'vitest';
import { Clock, momentOf } from './clock';

const MINUTE = 60_000;
const times = [0, MINUTE, 3 * 24 * 60 * MINUTE];

it('counts what has happened, and finds the time of any count again', () => {
  const clock = new Clock(times, [1, 2, 0], true);
  for (const count of [0, 1, 2, 3]) expect(clock.count(clock.after(count))).toBe(count);
  expect(clock.count(clock.total)).toBe(3);
  expect(clock.instant(clock.after(2))).toBe(MINUTE);
  expect(clock.instant(clock.total)).toBe(times[2]);
});

it('compresses idle time, or keeps its proportions', () => {
  const idle = (clock: Clock): number => clock.beats[2]!.from - clock.beats[1]!.to;
  expect(idle(new Clock(times, [1, 1, 1], true))).toBeLessThan(2000);
  const plain = new Clock(times, [1, 1, 1], false);
  expect(idle(plain)).toBeGreaterThan(100 * (plain.beats[1]!.from - plain.beats[0]!.to) * 0.8);
});

it('moves tokens between two moments only', () => {
  const clock = new Clock(times, [1, 1, 1], true);
  const { from, to } = clock.beats[1]!;
  expect([clock.progress(from - 1), clock.progress((from + to) / 2)]).toEqual([0, 0.5]);
});

it('reads deep links: a number, an instant, or nonsense', () => {
  expect([momentOf('2', times), momentOf('99', times), momentOf('1970-01-01T00:01:00Z', times), momentOf('x', times), momentOf(null, [])]).toEqual([2, 3, 2, 1, 0]);
});
