/** The replay as the server sends it (web/pages/replay_data.py). */
import type { Moved } from './fold';

export interface Silent {
  key: string;
  name: string;
  element: string;
  level: string;
}

export interface Entry {
  seq: number;
  at: string;
  kind: string;
  element: string;
  name: string;
  person: string;
  unit: string;
  moved: Moved[];
  opinion?: string;
  outcome?: string;
  negative?: boolean;
  returned?: boolean;
  refused?: string;
  level?: string;
  alert?: boolean;
  item?: string;
  process?: string;
  photos?: number;
  files?: number;
  silent?: Silent[];
}

export interface Model {
  id: string;
  name: string;
  version: number;
  xml: string;
}

export interface Replay {
  models: Model[];
  entries: Entry[];
  brokenAt: number | null;
  ended: boolean;
}

const TIME = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'short' });

/** 2026-01-05 09:30, business time. */
export const beijing = (moment: number | string): string => TIME.format(new Date(moment));

/** What draws the eye to an entry, the gravest first; empty for an ordinary one. */
export function markOf(entry: Entry): 'silent' | 'alert' | 'return' | 'refused' | 'done' {
  if (entry.silent) return 'silent';
  if (entry.level || entry.alert) return 'alert';
  if (entry.returned || entry.negative) return 'return';
  if (entry.refused) return 'refused';
  return 'done';
}
