import { describe, expect, it } from 'vitest';
import { countErrors, errorState, placeOf, valueAt, writable, type Component } from './schema';

const FORM: Component[] = [
  { id: 'G', type: 'group', label: 'applicant', components: [{ id: 'N', type: 'textfield', key: 'name' }, { id: 'I', type: 'textfield', key: 'id_number', readonly: true }] },
  { id: 'A', type: 'group', path: 'address', components: [{ id: 'C', type: 'textfield', key: 'city' }, { id: 'Z', type: 'textfield', key: 'zip', disabled: true }] },
  { id: 'M', type: 'dynamiclist', path: 'members', components: [{ id: 'MN', type: 'textfield', key: 'name' }, { id: 'MI', type: 'number', key: 'income', readonly: true }] },
  { id: 'S', type: 'expression', key: 'total' },
  { id: 'T', type: 'text' },
];

describe('writable', () => {
  it('leaves out what is read-only, disabled, computed or not in the form', () => {
    const data = { name: '沈', id_number: '1', address: { city: 'J', zip: '4' }, members: [{ name: 'a', income: 3 }], total: 9, other: 1 };
    expect(writable(FORM, data)).toEqual({ name: '沈', address: { city: 'J' }, members: [{ name: 'a' }] });
  });

  it('keeps empty values, so that a field can be cleared', () => {
    expect(writable(FORM, { name: '', members: [] })).toEqual({ name: '', members: [] });
  });

  it('sends an emptied list, for which form-js submits nothing, unless nobody may write in it', () => {
    expect(writable(FORM, { name: 'x' })).toEqual({ name: 'x', members: [] });
    expect(writable([{ type: 'dynamiclist', path: 'rows', components: [{ type: 'textfield', key: 'a', readonly: true }] }], {})).toEqual({});
  });

  it('follows dotted keys', () => {
    expect(writable([{ type: 'textfield', key: 'a.b' }], { a: { b: 1, c: 2 } })).toEqual({ a: { b: 1 } });
    expect(valueAt({ a: { b: 1 } }, 'a.b')).toBe(1);
  });

  it('leaves out a whole list that is read-only', () => {
    expect(writable([{ type: 'dynamiclist', path: 'rows', readonly: true, components: [] }], { rows: [{}] })).toEqual({});
  });
});

describe('errors of the server', () => {
  it('find their field through groups and rows', () => {
    expect(placeOf(FORM, 'id_number')).toEqual({ id: 'I', indexes: [] });
    expect(placeOf(FORM, 'address.city')).toEqual({ id: 'C', indexes: [] });
    expect(placeOf(FORM, 'members[2].name')).toEqual({ id: 'MN', indexes: [2] });
    expect(placeOf(FORM, 'nowhere')).toBeNull();
  });

  it('take the shape of form-js state', () => {
    expect(errorState(FORM, { name: ['x'], 'members[1].name': ['y'], 'members[0].name': ['z'], opinion: ['not a field'] })).toEqual({ N: ['x'], MN: { 1: ['y'], 0: ['z'] } });
  });

  it('are counted one by field', () => {
    expect(countErrors({ N: ['x', 'y'], MN: { 1: ['y'], 0: ['z'] } })).toBe(3);
    expect(countErrors({ N: [], MN: [undefined, ['z']] })).toBe(1);
  });
});
