import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { Film, type Moved, type State } from './fold';
import { emptyGraph } from './graph';

interface Golden {
  flows: Record<string, [string, string]>;
  entries: Moved[][];
  states: unknown[];
}

const golden = JSON.parse(readFileSync(new URL('../../../../tests/golden/replay.json', import.meta.url), 'utf8')) as Golden;
const SHORT: Record<string, string> = { activated: 'a', completed: 'c', terminated: 'x', failed: '!', flow_taken: 'f' };
const entries = golden.entries.map((moved) => ({ moved: moved.map(([kind, ...rest]) => [SHORT[kind], ...rest] as Moved) }));
const graph = { ...emptyGraph(), target: new Map(Object.entries(golden.flows).map(([flow, [, target]]) => [flow, target])), host: new Map([['late', 'draft']]) };
const film = new Film(entries, new Map([['', graph], ['inner', emptyGraph()]]));

const told = (state: State): unknown => ({
  tokens: Object.fromEntries([...state.tokens].map(([instance, token]) => [instance, token.place])),
  visits: Object.fromEntries(state.visits),
  flows: Object.fromEntries(state.flows),
  cancelled: Object.fromEntries(state.cancelled),
  failed: [...state.tokens].filter(([, token]) => token.failed).map(([instance]) => instance),
});

it('folds the recorded trace to the same states as Python does, in any order', () => {
  for (const seq of [8, 1, 5, 3, 3, 7, 2, 6, 4, 8]) expect(told(film.at(seq))).toEqual(golden.states[seq - 1]);
  expect(film.at(0).tokens.size).toBe(0);
});

it('gives parallel tokens colours of their own, waits before the join, and goes on in one colour', () => {
  const colours = [...film.at(2).tokens.values()].map((token) => token.colour);
  expect(new Set(colours).size).toBe(2);
  expect([...film.at(3).parked]).toEqual([['/join', [{ flow: '/f5', colour: colours[0] }]]]);
  expect(film.at(6).parked.size).toBe(0);
  expect(film.at(6).tokens.get('check#1')?.colour).toBe(colours[0]);
});

it('moves along the recorded flows, those after a fork at the same time', () => {
  expect(film.legs(2).map(({ flow, depth }) => [flow, depth])).toEqual([['/f2', 1], ['/f3', 2], ['/f4', 2]]);
  expect(film.legs(5)).toEqual([]);
});

it('seeks the same through keyframes in a long case', () => {
  const long = Array.from({ length: 1000 }, (_, index) => entries[index % entries.length]!);
  const whole = new Film(long, new Map([['', graph]]));
  expect(whole.at(800).visits.get('/draft')).toBe(100);
  expect(told(whole.at(999))).toEqual(told(new Film(long.slice(0, 999), new Map([['', graph]])).at(999)));
});
