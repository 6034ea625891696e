import { describe, expect, it } from 'vitest';
import { plainNumber } from './numbers';

describe('plainNumber', () => {
  it.each([
    ['12,500', '12500'],
    ['1,200.5', '1200.5'],
    ['１２，５００．５', '12500.5'],
    ['¥ 1 200 元', '1200'],
    ['12。5', '12.5'],
    ['-3', '-3'],
    ['', ''],
    ['abc', 'abc'],
  ])('reads %s as %s', (typed, meant) => expect(plainNumber(typed)).toBe(meant));
});
