/** Pure looks at a form-js schema: what may be written, and where an error of the server belongs. */

export interface Component {
  id?: string;
  type: string;
  key?: string;
  path?: string;
  label?: string;
  readonly?: boolean | string;
  disabled?: boolean | string;
  components?: Component[];
}

type Data = Record<string, unknown>;

/* Computed by the server itself, or carried by other means. */
const NOT_SENT = new Set(['expression', 'filepicker', 'button']);

const isRecord = (value: unknown): value is Data => typeof value === 'object' && value !== null && !Array.isArray(value);

function put(target: Data, path: string, value: unknown): void {
  const names = path.split('.');
  const last = names.pop() as string;
  let place = target;
  for (const name of names) {
    if (!isRecord(place[name])) place[name] = {};
    place = place[name] as Data;
  }
  place[last] = value;
}

export function valueAt(data: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (isRecord(value) ? value[name] : undefined), data);
}

/** What of `data` this reader may write: read-only and disabled fields are left out, since the server refuses them by name. */
export function writable(components: readonly Component[], data: Data): Data {
  const kept: Data = {};
  for (const component of components) collect(component, data, kept);
  return kept;
}

function mayWrite(component: Component): boolean {
  if (component.readonly === true || component.disabled === true || NOT_SENT.has(component.type)) return false;
  return component.components ? component.components.some(mayWrite) : component.key !== undefined;
}

function collect(component: Component, data: Data, kept: Data): void {
  if (component.readonly === true || component.disabled === true || NOT_SENT.has(component.type)) return;
  if (component.type === 'dynamiclist' && component.path) {
    // form-js submits nothing for a list whose rows are all removed; without `[]` the stored rows would stay.
    const found = valueAt(data, component.path);
    const rows: unknown[] = Array.isArray(found) ? found : [];
    const columns = component.components ?? [];
    if (rows.length || columns.some(mayWrite)) put(kept, component.path, rows.map((row) => writable(columns, isRecord(row) ? row : {})));
    return;
  }
  if (component.components) {
    const inner = component.path ? valueAt(data, component.path) : data;
    const values = writable(component.components, isRecord(inner) ? inner : {});
    if (!component.path) Object.assign(kept, values);
    else if (Object.keys(values).length) put(kept, component.path, values);
    return;
  }
  if (!component.key) return;
  const value = valueAt(data, component.key);
  if (value !== undefined) put(kept, component.key, value);
}

export interface Place {
  id: string;
  indexes: number[];
}

/** `members[0].income` → the component's id and the row numbers on the way to it; null when no field has that path. */
export function placeOf(components: readonly Component[], path: string): Place | null {
  const indexes = [...path.matchAll(/\[(\d+)\]/g)].map((match) => Number(match[1]));
  const plain = path.replace(/\[\d+\]/g, '');
  const id = find(components, plain, '');
  return id ? { id, indexes } : null;
}

function find(components: readonly Component[], wanted: string, prefix: string): string | null {
  for (const component of components) {
    const own = component.path ?? component.key;
    const full = own ? (prefix ? `${prefix}.${own}` : own) : prefix;
    if (component.components) {
      const inside = find(component.components, wanted, component.path ? full : prefix);
      if (inside) return inside;
    }
    if (own && full === wanted && component.id) return component.id;
  }
  return null;
}

/** Errors of the server in the shape of form-js' state: by component id, then by row number. */
export function errorState(components: readonly Component[], errors: Record<string, string[]>): Record<string, unknown> {
  const state: Record<string, unknown> = {};
  for (const [path, messages] of Object.entries(errors)) {
    const place = placeOf(components, path);
    if (!place) continue;
    let target = state;
    let key = place.id;
    for (const index of place.indexes) {
      target[key] = isRecord(target[key]) ? target[key] : {};
      target = target[key] as Data;
      key = String(index);
    }
    target[key] = messages;
  }
  return state;
}

/** How many fields have an error, in form-js' nested shape. */
export function countErrors(errors: unknown): number {
  if (Array.isArray(errors)) return errors.some((error) => typeof error === 'string') ? 1 : errors.reduce((sum: number, error) => sum + countErrors(error), 0);
  return isRecord(errors) ? Object.values(errors).reduce((sum: number, error) => sum + countErrors(error), 0) : 0;
}
