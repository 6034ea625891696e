/** A chart of the supervision dashboard. The table beside it says the same to whoever cannot see it. */
import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { linkOf, option, type ChartProps, type Palette } from './option';

use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

function palette(style: CSSStyleDeclaration): Palette {
  const token = (name: string): string => style.getPropertyValue(name).trim();
  return {
    ink: token('--mj-ink-2'),
    line: token('--mj-line'),
    tone: (name) => (name ? token(`--risk-${name}-fill`) : token('--mj-primary')),
  };
}

export function mount(element: HTMLElement, props: ChartProps): void {
  const style = getComputedStyle(element);
  const box = document.createElement('div');
  box.className = 'chart-box';
  box.dataset.rows = props.kind === 'rows' ? String(props.names.length) : '';
  box.setAttribute('aria-hidden', 'true');
  element.replaceChildren(box);
  if (props.kind === 'rows') box.style.height = `${Math.max(6, 3.5 + props.names.length * 2.25)}rem`;
  const chart = init(box, undefined, { renderer: 'svg' });
  chart.setOption(option(props, palette(style), { font: style.fontFamily, px: parseFloat(style.fontSize) }));
  chart.on('click', (clicked) => {
    const link = linkOf(props, clicked.seriesIndex, clicked.dataIndex);
    if (link) window.location.assign(link);
  });
  new ResizeObserver(() => chart.resize()).observe(box);
}
