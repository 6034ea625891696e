import { describe, expect, it } from 'vitest';
import { linkOf, option, type ChartProps } from './option';

const PALETTE = { ink: '#111', line: '#eee', tone: (name: string) => `tone-${name}` };
const TEXT = { font: 'sans', px: 12 };
const PROPS: ChartProps = {
  kind: 'rows',
  names: ['柳荫街道', '清河区民政局'],
  series: [
    { name: '高', tone: 'high', values: [2, 0], links: ['/a', '/b'] },
    { name: '低', tone: 'low', values: [1, 3], links: ['/c', '/d'] },
  ],
};

describe('a chart', () => {
  it('stacks the levels of a unit in their colours, and never moves', () => {
    const made = option(PROPS, PALETTE, TEXT);
    const series = made.series as { stack?: string; color: string; data: number[] }[];
    expect(series.map((one) => one.stack)).toEqual(['all', 'all']);
    expect(series.map((one) => one.color)).toEqual(['tone-high', 'tone-low']);
    expect(series.map((one) => one.data)).toEqual([[2, 0], [1, 3]]);
    expect(made.animation).toBe(false);
    expect((made.yAxis as { data: string[] }).data).toEqual(PROPS.names);
  });

  it('opens the list of what was clicked', () => {
    expect(linkOf(PROPS, 1, 0)).toBe('/c');
    expect(linkOf(PROPS, undefined, 0)).toBeUndefined();
    expect(linkOf(PROPS, 5, 0)).toBeUndefined();
  });
});
