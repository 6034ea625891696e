/** Pure: what is marked on elements and flows at a moment. Shape, fill and badge, never colour alone. */
import { placeOf, type State } from './fold';
import type { Entry } from './data';

const ORDER = ['low', 'medium', 'high', 'critical'];

export interface Mark {
  classes: string[];
  visits: number;
  cancelled: number;
  level: string;
}

/** Levels of warnings by place, of the entries up to that count. `warned` are those with a level, in order. */
export function levelsAt(warned: Entry[], count: number): Map<string, string> {
  const levels = new Map<string, string>();
  for (const entry of warned) {
    if (entry.seq > count) break;
    const place = placeOf(entry.process ?? '', entry.element);
    if (ORDER.indexOf(entry.level ?? '') > ORDER.indexOf(levels.get(place) ?? '')) levels.set(place, entry.level ?? '');
  }
  return levels;
}

/** Marks of one process by element id. between: the state of another moment, to mark what moved since. */
export function marksAt(state: State, process: string, levels: Map<string, string>, between: State | null): Map<string, Mark> {
  const marks = new Map<string, Mark>();
  const of = (place: string): Mark | null => {
    const slash = place.indexOf('/');
    if (place.slice(0, slash) !== process) return null;
    const id = place.slice(slash + 1);
    const found = marks.get(id) ?? { classes: [], visits: 0, cancelled: 0, level: '' };
    marks.set(id, found);
    return found;
  };
  for (const [place, count] of state.visits) {
    const mark = of(place);
    mark?.classes.push('mj-done');
    if (mark) mark.visits = count;
    if ((between?.visits.get(place) ?? count) !== count) mark?.classes.push('mj-between');
  }
  for (const [place, count] of state.flows) {
    const mark = of(place);
    mark?.classes.push('mj-flow');
    if ((between ? (between.flows.get(place) ?? 0) : count) !== count) mark?.classes.push('mj-between');
  }
  for (const [place, count] of state.cancelled) {
    const mark = of(place);
    mark?.classes.push('mj-cancelled');
    if (mark) mark.cancelled = count;
  }
  for (const [place, level] of levels) {
    const mark = of(place);
    mark?.classes.push(`mj-risk-${level}`);
    if (mark) mark.level = level;
  }
  for (const token of state.tokens.values()) of(token.place)?.classes.push(token.failed ? 'mj-incident' : 'mj-current');
  return marks;
}
