/**
 * Safety copies of unsaved work in the browser. Only made when the server could not be reached or the session is lost,
 * bound to the person, forgotten after a successful save and on sign-out: the computer may be shared.
 */
const PREFIX = 'mingjing.draft.';
const KEEP_MS = 7 * 24 * 3600 * 1000;

export interface DraftBody {
  data: Record<string, unknown>;
  outcome: string;
  opinion: string;
}

export interface Copy extends DraftBody {
  at: string;
}

const keyOf = (person: string, task: string): string => `${PREFIX}${person}.${task}`;

export function keepCopy(person: string, task: string, body: DraftBody, storage: Storage = localStorage): void {
  try {
    storage.setItem(keyOf(person, task), JSON.stringify({ ...body, at: new Date().toISOString() }));
  } catch {
    /* storage full or forbidden: the draft on the server is what counts */
  }
}

/** The copy, if there is one that is newer than what the server has. */
export function newerCopy(person: string, task: string, savedAt: string | null, storage: Storage = localStorage): Copy | null {
  try {
    const found = JSON.parse(storage.getItem(keyOf(person, task)) ?? 'null') as Copy | null;
    if (!found || Date.now() - Date.parse(found.at) > KEEP_MS) return null;
    return savedAt && Date.parse(found.at) <= Date.parse(savedAt) ? null : found;
  } catch {
    return null;
  }
}

export function forgetCopy(person: string, task: string, storage: Storage = localStorage): void {
  storage.removeItem(keyOf(person, task));
}

export function forgetCopies(storage: Storage = localStorage): void {
  for (const key of Object.keys(storage)) if (key.startsWith(PREFIX)) storage.removeItem(key);
}
