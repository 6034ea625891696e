import { describe, expect, it } from 'vitest';
import { fitBox, PADDING, READABLE } from './fit';
import { marksOf } from './marks';

const none = { xmlUrl: '', completed: [], current: [], flows: [], levels: {}, visits: {} };

describe('marksOf', () => {
  it('marks done, current, flows and risks, and counts only repeated visits', () => {
    const marks = marksOf({ ...none, completed: ['A', 'B'], current: ['B'], flows: ['F'], levels: { A: 'high', C: 'none' }, visits: { A: 2, B: 1 } });
    expect(marks.get('A')).toEqual({ classes: ['mj-done', 'mj-risk-high'], visits: 2, level: 'high' });
    expect(marks.get('B')).toEqual({ classes: ['mj-done', 'mj-current'], visits: 0, level: null });
    expect(marks.get('F')?.classes).toEqual(['mj-flow']);
    expect(marks.has('C')).toBe(false);
  });
});

describe('fitBox', () => {
  const outer = { width: 1000, height: 600 };

  it('shows a small drawing whole, not larger than drawn', () => {
    const box = fitBox({ x: 100, y: 50, width: 400, height: 200 }, outer, null);
    expect(box.width).toBe(1000);
    expect(box.x).toBeLessThan(100);
    expect(box.x + box.width).toBeGreaterThan(500);
  });

  it('begins a wide drawing at its beginning when no node is current', () => {
    const box = fitBox({ x: 100, y: 0, width: 5000, height: 300 }, outer, null);
    expect(box.x).toBeCloseTo(100 - PADDING.left / READABLE);
  });

  it('never makes a wide drawing unreadable, and turns to the current node', () => {
    const box = fitBox({ x: 0, y: 0, width: 5000, height: 300 }, outer, { x: 3000, y: 100, width: 100, height: 80 });
    expect(outer.width / box.width).toBeCloseTo(READABLE);
    expect(box.x).toBeLessThan(3000);
    expect(box.x + box.width).toBeGreaterThan(3100);
  });

  it('stops at the ends of the drawing', () => {
    const box = fitBox({ x: 0, y: 0, width: 5000, height: 300 }, outer, { x: 0, y: 100, width: 100, height: 80 });
    expect(box.x).toBeCloseTo(-PADDING.left / READABLE);
  });
});
