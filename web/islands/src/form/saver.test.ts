import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RequestFailed } from '../shared/http';
import type { DraftBody } from './copies';
import { RETRY_MS, Saver, WAIT_MS, type SaveState } from './saver';

const body = (name: string): DraftBody => ({ data: { name }, outcome: '', opinion: '' });

function setUp(put: (body: DraftBody) => Promise<void>) {
  const states: SaveState[] = [];
  const kept: DraftBody[] = [];
  const forget = vi.fn();
  const saver = new Saver({ put, show: (state) => states.push(state), keep: (copy) => kept.push(copy), forget });
  return { saver, states, kept, forget };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('Saver', () => {
  it('saves once, a little after the last of many changes', async () => {
    const put = vi.fn(async (_body: DraftBody) => {});
    const { saver, states, forget } = setUp(put);
    saver.changed(body('a'));
    await vi.advanceTimersByTimeAsync(WAIT_MS - 1);
    saver.changed(body('b'));
    await vi.advanceTimersByTimeAsync(WAIT_MS);
    expect(put.mock.calls).toEqual([[body('b')]]);
    expect(states.at(-1)).toBe('saved');
    expect(forget).toHaveBeenCalledOnce();
  });

  it('keeps a copy and tries again after a failure', async () => {
    const put = vi.fn<(body: DraftBody) => Promise<void>>().mockRejectedValueOnce(new Error('offline')).mockResolvedValue(undefined);
    const { saver, states, kept } = setUp(put);
    saver.changed(body('a'));
    await vi.advanceTimersByTimeAsync(WAIT_MS);
    expect([states.at(-1), kept]).toEqual(['failed', [body('a')]]);
    await vi.advanceTimersByTimeAsync(RETRY_MS);
    expect([states.at(-1), saver.unsaved]).toEqual(['saved', null]);
  });

  it('does not try again over a draft of another window', async () => {
    const put = vi.fn(async () => Promise.reject(new RequestFailed(409, 'draft.changed', '')));
    const { saver, states, kept } = setUp(put);
    saver.changed(body('a'));
    await vi.advanceTimersByTimeAsync(WAIT_MS + RETRY_MS * 3);
    expect([states.at(-1), kept, put.mock.calls.length]).toEqual(['conflict', [body('a')], 1]);
  });

  it('says why the server will not take it, and does not ask again until it changes', async () => {
    const put = vi.fn(async () => Promise.reject(new RequestFailed(422, 'draft.too_large', 'too large')));
    const show = vi.fn();
    const saver = new Saver({ put, show, keep: () => {}, forget: () => {} });
    saver.changed(body('a'));
    await vi.advanceTimersByTimeAsync(WAIT_MS + RETRY_MS * 3);
    expect(show).toHaveBeenLastCalledWith('refused', 'too large');
    expect(put).toHaveBeenCalledOnce();
    saver.changed(body('b'));
    await vi.advanceTimersByTimeAsync(WAIT_MS);
    expect(put).toHaveBeenCalledTimes(2);
  });

  it('says that the session is lost, not that the network is', async () => {
    const { saver, states } = setUp(async () => Promise.reject(new RequestFailed(401, 'sign_in.needed', '')));
    saver.changed(body('a'));
    await vi.advanceTimersByTimeAsync(WAIT_MS);
    expect(states.at(-1)).toBe('session');
  });

  it('saves what was typed while a save was on its way', async () => {
    let finish = (): void => {};
    const put = vi.fn((_body: DraftBody) => new Promise<void>((resolve) => (finish = resolve)));
    const { saver } = setUp(put);
    saver.changed(body('a'));
    await vi.advanceTimersByTimeAsync(WAIT_MS);
    saver.changed(body('b'));
    finish();
    await vi.advanceTimersByTimeAsync(WAIT_MS);
    expect(put.mock.calls.map(([sent]) => sent.data)).toEqual([{ name: 'a' }, { name: 'b' }]);
  });
});
