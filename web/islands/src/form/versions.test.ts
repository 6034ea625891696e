import { expect, test } from 'vitest';
import { differences } from './versions';

const FORM = [
  { type: 'textfield', key: 'name', label: '姓名' },
  { type: 'group', components: [{ type: 'number', key: 'income', label: '收入' }] },
  { type: 'dynamiclist', path: 'members', label: '成员', components: [{ type: 'textfield', key: 'name', label: '姓名' }] },
];
const WORDS = { outcome: '结果', opinion: '意见', row: '{name} 第 {row} 行', names: { ok: '同意' } };

test('only what differs is named, rows by their number, outcomes by their name', () => {
  const here = { data: { name: '甲', income: 1, members: [{ name: '乙' }] }, outcome: 'ok', opinion: '' };
  const there = { data: { name: '甲', income: 2, members: [{ name: '乙' }, { name: '丙' }] }, outcome: '', opinion: '可以' };
  expect(differences(FORM, here, there, WORDS)).toEqual([
    { label: '收入', here: '1', there: '2' },
    { label: '成员 第 2 行 · 姓名', here: '—', there: '丙' },
    { label: '结果', here: '同意', there: '—' },
    { label: '意见', here: '—', there: '可以' },
  ]);
});

test('the same draft twice has no differences', () => {
  const draft = { data: { name: '甲' }, outcome: 'ok', opinion: '可以' };
  expect(differences(FORM, draft, { ...draft, data: { name: '甲', income: null } }, WORDS)).toEqual([]);
});
