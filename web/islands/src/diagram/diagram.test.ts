import { describe, expect, it } from 'vitest';
import { focusBox, PADDING, READABLE, wholeBox } from './fit';
import { marksOf } from './marks';

const none = { xmlUrl: '', completed: [], current: [], flows: [], levels: {}, visits: {} };

describe('marksOf', () => {
  it('marks done, current, flows and risks, and counts only repeated visits', () => {
    const marks = marksOf({ ...none, completed: ['A', 'B'], current: ['B'], flows: ['F'], levels: { A: 'high', C: 'none' }, visits: { A: 2, B: 1 } });
    expect(marks.get('A')).toEqual({ classes: ['mj-done', 'mj-risk-high'], visits: 2, level: 'high', incidents: 0 });
    expect(marks.get('B')).toEqual({ classes: ['mj-done', 'mj-current'], visits: 0, level: null, incidents: 0 });
    expect(marks.get('F')?.classes).toEqual(['mj-flow']);
    expect(marks.has('C')).toBe(false);
  });

  it('marks where a case cannot go on', () => {
    expect(marksOf({ ...none, current: ['A'], incidents: { A: 1 } }).get('A')).toEqual({ classes: ['mj-current', 'mj-incident'], visits: 0, level: null, incidents: 1 });
  });
});

describe('focusBox', () => {
  const outer = { width: 1000, height: 600 };

  it('shows a small drawing whole, not larger than drawn', () => {
    const box = focusBox({ x: 100, y: 50, width: 400, height: 200 }, outer, null);
    expect(box.width).toBe(1000);
    expect(box.x).toBeLessThan(100);
    expect(box.x + box.width).toBeGreaterThan(500);
  });

  it('begins a wide drawing at its beginning when the case has been nowhere', () => {
    const box = focusBox({ x: 100, y: 0, width: 5000, height: 300 }, outer, null);
    expect(box.x).toBeCloseTo(100 - PADDING.left / READABLE);
  });

  it('never makes a wide drawing unreadable, and turns to where the case stands', () => {
    const box = focusBox({ x: 0, y: 0, width: 5000, height: 300 }, outer, { x: 3000, y: 100, width: 100, height: 80 });
    expect(outer.width / box.width).toBeCloseTo(READABLE);
    expect(box.x).toBeLessThan(3000);
    expect(box.x + box.width).toBeGreaterThan(3100);
  });

  it('becomes a little smaller when that brings all lanes into sight', () => {
    const box = focusBox({ x: 0, y: 0, width: 5000, height: 1000 }, outer, { x: 3000, y: 900, width: 100, height: 80 });
    expect(outer.width / box.width).toBeCloseTo(0.54);
    expect(box.y).toBeLessThanOrEqual(0);
    expect(box.y + box.height).toBeGreaterThanOrEqual(1000);
  });

  it('stops at the ends of the drawing', () => {
    const box = focusBox({ x: 0, y: 0, width: 5000, height: 300 }, outer, { x: 0, y: 100, width: 100, height: 80 });
    expect(box.x).toBeCloseTo(-PADDING.left / READABLE);
  });
});

describe('wholeBox', () => {
  it('holds the whole drawing, however small that makes it', () => {
    const box = wholeBox({ x: -50, y: 20, width: 6000, height: 700 }, { width: 350, height: 300 });
    expect(box.x).toBeLessThan(-50);
    expect(box.x + box.width).toBeGreaterThan(5950);
    expect(box.y).toBeLessThan(20);
    expect(box.y + box.height).toBeGreaterThan(720);
  });
});
