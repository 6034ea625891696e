/** Pure: what the trace says about elements, turned into marks for the canvas. Shape, fill and badge, never colour alone. */

export interface DiagramProps {
  xmlUrl: string;
  completed: string[];
  current: string[];
  flows: string[];
  levels: Record<string, string>;
  visits: Record<string, number>;
  incidents?: Record<string, number>;
}

export interface Marks {
  classes: string[];
  visits: number;
  level: string | null;
  incidents: number;
}

const SHOWN_LEVELS = new Set(['low', 'medium', 'high', 'critical']);

export function marksOf(props: DiagramProps): Map<string, Marks> {
  const all = new Map<string, Marks>();
  const of = (id: string): Marks => {
    const found = all.get(id) ?? { classes: [], visits: 0, level: null, incidents: 0 };
    all.set(id, found);
    return found;
  };
  for (const id of props.completed) of(id).classes.push('mj-done');
  for (const id of props.flows) of(id).classes.push('mj-flow');
  for (const [id, level] of Object.entries(props.levels)) {
    if (!SHOWN_LEVELS.has(level)) continue;
    of(id).level = level;
    of(id).classes.push(`mj-risk-${level}`);
  }
  for (const id of props.current) of(id).classes.push('mj-current');
  for (const [id, count] of Object.entries(props.visits)) if (count > 1) of(id).visits = count;
  for (const [id, count] of Object.entries(props.incidents ?? {})) {
    of(id).incidents = count;
    of(id).classes.push('mj-incident');
  }
  return all;
}
