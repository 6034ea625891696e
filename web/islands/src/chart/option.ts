/** A chart of the supervision dashboard as ECharts wants it. Pure: the colours are handed in. */

export interface Series {
  name: string;
  tone: string;
  values: number[];
  links: string[];
}

export interface ChartProps {
  kind: 'rows' | 'columns' | 'trend';
  names: string[];
  series: Series[];
}

export interface Palette {
  ink: string;
  line: string;
  tone(name: string): string;
}

export interface Size {
  font: string;
  px: number;
}

const shortened = (name: string): string => (name.length > 14 ? `${name.slice(0, 13)}…` : name);

/** Rows lie, so that long names of units can be read; months and terms stand. Nothing moves by itself. */
export function option(props: ChartProps, palette: Palette, text: Size): Record<string, unknown> {
  const lying = props.kind === 'rows';
  const names = {
    type: 'category',
    data: props.names,
    inverse: lying,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: palette.line } },
    axisLabel: { color: palette.ink, fontSize: text.px, formatter: shortened, hideOverlap: !lying },
  };
  const counts = {
    type: 'value',
    minInterval: 1,
    splitLine: { lineStyle: { color: palette.line } },
    axisLabel: { color: palette.ink, fontSize: text.px },
  };
  return {
    animation: false,
    aria: { enabled: false },
    textStyle: { fontFamily: text.font, color: palette.ink },
    grid: { left: 8, right: 24, top: props.series.length > 1 ? 36 : 12, bottom: 8, containLabel: true },
    legend: { show: props.series.length > 1, top: 0, left: 0, itemHeight: 10, textStyle: { color: palette.ink, fontSize: text.px } },
    // Rich text is drawn; HTML would carry style attributes, which the content security policy stops.
    tooltip: { trigger: 'axis', confine: true, renderMode: 'richText', axisPointer: { type: props.kind === 'trend' ? 'line' : 'shadow' } },
    xAxis: lying ? counts : names,
    yAxis: lying ? names : counts,
    series: props.series.map((one) => drawn(props, one, palette)),
  };
}

function drawn(props: ChartProps, one: Series, palette: Palette): Record<string, unknown> {
  const common = { name: one.name, data: one.values, color: palette.tone(one.tone), cursor: 'pointer' };
  if (props.kind === 'trend') return { ...common, type: 'line', symbol: 'circle', symbolSize: 8, triggerLineEvent: false };
  return { ...common, type: 'bar', stack: props.series.length > 1 ? 'all' : undefined, barMaxWidth: 22 };
}

/** The list behind what was clicked. */
export function linkOf(props: ChartProps, series: number | undefined, place: number | undefined): string | undefined {
  return series === undefined || place === undefined ? undefined : props.series[series]?.links[place];
}
