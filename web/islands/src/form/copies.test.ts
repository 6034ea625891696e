import { describe, expect, it } from 'vitest';
import { forgetCopies, forgetCopy, keepCopy, newerCopy } from './copies';

class Shelf implements Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> {
  getItem(key: string): string | null {
    return (this as unknown as Record<string, string>)[key] ?? null;
  }
  setItem(key: string, value: string): void {
    (this as unknown as Record<string, string>)[key] = value;
  }
  removeItem(key: string): void {
    delete (this as unknown as Record<string, string>)[key];
  }
}

const shelf = (): Storage => new Shelf() as unknown as Storage;
const body = { data: { name: '沈' }, outcome: 'accept', opinion: '同意' };

describe('safety copies', () => {
  it('come back to the same person and task only', () => {
    const storage = shelf();
    keepCopy('12', '501', body, storage);
    expect(newerCopy('12', '501', null, storage)).toMatchObject(body);
    expect(newerCopy('13', '501', null, storage)).toBeNull();
    expect(newerCopy('12', '502', null, storage)).toBeNull();
  });

  it('give way to a newer draft of the server', () => {
    const storage = shelf();
    keepCopy('12', '501', body, storage);
    expect(newerCopy('12', '501', new Date(Date.now() + 1000).toISOString(), storage)).toBeNull();
    expect(newerCopy('12', '501', new Date(Date.now() - 60000).toISOString(), storage)).not.toBeNull();
  });

  it('are gone after a save and after signing out', () => {
    const storage = shelf();
    keepCopy('12', '501', body, storage);
    keepCopy('12', '502', body, storage);
    forgetCopy('12', '501', storage);
    expect(newerCopy('12', '501', null, storage)).toBeNull();
    storage.setItem('other', 'stays');
    forgetCopies(storage);
    expect(newerCopy('12', '502', null, storage)).toBeNull();
    expect(storage.getItem('other')).toBe('stays');
  });

  it('survive garbage in the storage', () => {
    const storage = shelf();
    storage.setItem('mingjing.draft.12.501', '{');
    expect(newerCopy('12', '501', null, storage)).toBeNull();
  });
});
