import { expect, it } from 'vitest';
import { factsOf } from './exif';

/** A JPEG header with a time, and a place in the south and east. */
function header(): ArrayBuffer {
  const bytes = new Uint8Array(300);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0xffd8);
  view.setUint16(2, 0xffe1);
  view.setUint16(4, 290);
  bytes.set([0x45, 0x78, 0x69, 0x66, 0, 0], 6);
  const tiff = new DataView(bytes.buffer, 12);
  tiff.setUint16(0, 0x4949);
  tiff.setUint16(2, 42, true);
  tiff.setUint32(4, 8, true);
  const field = (at: number, tag: number, type: number, count: number, value: number): void => {
    tiff.setUint16(at, tag, true);
    tiff.setUint16(at + 2, type, true);
    tiff.setUint32(at + 4, count, true);
    tiff.setUint32(at + 8, value, true);
  };
  tiff.setUint16(8, 2, true);
  field(10, 0x8769, 4, 1, 40);
  field(22, 0x8825, 4, 1, 60);
  tiff.setUint16(40, 1, true);
  field(42, 0x9003, 2, 20, 120);
  bytes.set([...'2026:01:05 09:30:00'].map((letter) => letter.charCodeAt(0)), 12 + 120);
  tiff.setUint16(60, 4, true);
  field(62, 1, 2, 2, 'S'.charCodeAt(0));
  field(74, 2, 5, 3, 150);
  field(86, 3, 2, 2, 'E'.charCodeAt(0));
  field(98, 4, 5, 3, 180);
  [30, 1, 15, 1, 36, 1].forEach((number, index) => tiff.setUint32(150 + index * 4, number, true));
  [120, 1, 30, 1, 0, 1].forEach((number, index) => tiff.setUint32(180 + index * 4, number, true));
  return bytes.buffer;
}

it('reads time and place', () => {
  const { taken, latitude, longitude } = factsOf(header());
  expect([taken, longitude]).toEqual(['2026-01-05 09:30:00', 120.5]);
  expect(latitude).toBeCloseTo(-30.26);
});

it('says nothing for what is no such photo', () => {
  for (const bytes of [new ArrayBuffer(0), new ArrayBuffer(40), header().slice(0, 60)]) expect(factsOf(bytes).taken).toBe('');
});
