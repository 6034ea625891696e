import { expect, it } from 'vitest';
import { problemOf } from './http';
import { fill } from './texts';

it('reads a problem, with its places first', () => {
  const problem = problemOf(422, JSON.stringify({ code: 'file.type_mismatch', detail: 'whole', errors: [{ message: 'place' }] }));
  expect([problem.code, problem.message, problem.sessionEnded]).toEqual(['file.type_mismatch', 'place', false]);
});

it('knows a lost session, and survives an answer that is no problem', () => {
  expect(problemOf(401, '{"code":"sign_in.needed"}').sessionEnded).toBe(true);
  expect(problemOf(502, '<html>').message).toBe('');
});

it('fills texts and leaves unknown places alone', () => {
  expect(fill('{a} {b}', { a: 1 })).toBe('1 {b}');
});
