/** Pure: where two versions of a draft differ, field by field, in the words of the form. */
import { fill } from '../shared/texts';
import type { DraftBody } from './copies';
import { valueAt, type Component } from './schema';

export interface Difference {
  label: string;
  here: string;
  there: string;
}

interface Words {
  outcome: string;
  opinion: string;
  row: string;
  names: Record<string, string>;
}

type Row = Record<string, unknown>;

const rowsOf = (value: unknown): Row[] => (Array.isArray(value) ? value.filter((row): row is Row => typeof row === 'object' && row !== null) : []);

function shown(value: unknown): string {
  if (value === undefined || value === null || value === '') return '—';
  if (Array.isArray(value)) return value.map(shown).join('、') || '—';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one ?? '') === JSON.stringify(other ?? '');

function walk(components: readonly Component[], here: unknown, there: unknown, before: string, row: string): Difference[] {
  return components.flatMap((component) => {
    const name = component.label || component.path || component.key || '';
    const label = before ? `${before} · ${name}` : name;
    if (component.type === 'dynamiclist' && component.path) {
      const [mine, theirs] = [rowsOf(valueAt(here, component.path)), rowsOf(valueAt(there, component.path))];
      return Array.from({ length: Math.max(mine.length, theirs.length) }, (_, index) =>
        walk(component.components ?? [], mine[index], theirs[index], fill(row, { name, row: index + 1 }), row),
      ).flat();
    }
    if (component.components) {
      const inside = (data: unknown): unknown => (component.path ? valueAt(data, component.path) : data);
      return walk(component.components, inside(here), inside(there), before, row);
    }
    if (!component.key || same(valueAt(here, component.key), valueAt(there, component.key))) return [];
    return [{ label, here: shown(valueAt(here, component.key)), there: shown(valueAt(there, component.key)) }];
  });
}

export function differences(components: readonly Component[], here: DraftBody, there: DraftBody, words: Words): Difference[] {
  const found = walk(components, here.data, there.data, '', words.row);
  const name = (code: string): string => words.names[code] ?? code;
  if (here.outcome !== there.outcome) found.push({ label: words.outcome, here: shown(name(here.outcome)), there: shown(name(there.outcome)) });
  if (here.opinion !== there.opinion) found.push({ label: words.opinion, here: shown(here.opinion), there: shown(there.opinion) });
  return found;
}
