/** Pure: time and place that a JPEG says of itself (EXIF). A hint only: it can be forged, and chat programs strip it. */

export interface PhotoFacts {
  /** As the camera wrote it, local time without a zone: 2026-01-05 09:30:00. */
  taken: string;
  latitude: number | null;
  longitude: number | null;
}

const NOTHING: PhotoFacts = { taken: '', latitude: null, longitude: null };

export function factsOf(buffer: ArrayBuffer): PhotoFacts {
  try {
    const start = exifStart(new DataView(buffer));
    return start === null ? NOTHING : readTiff(new DataView(buffer, start));
  } catch {
    return NOTHING; // a damaged header says nothing
  }
}

function exifStart(view: DataView): number | null {
  if (view.getUint16(0) !== 0xffd8) return null;
  for (let at = 2; at + 10 < view.byteLength; ) {
    const marker = view.getUint16(at);
    if (marker === 0xffe1 && view.getUint32(at + 4) === 0x45786966) return at + 10;
    if (marker === 0xffda || marker >> 8 !== 0xff) return null;
    at += 2 + view.getUint16(at + 2);
  }
  return null;
}

type Read = (at: number) => number;

function readTiff(view: DataView): PhotoFacts {
  const little = view.getUint16(0) === 0x4949;
  const short: Read = (at) => view.getUint16(at, little);
  const long: Read = (at) => view.getUint32(at, little);
  const directory = (at: number): Map<number, number> => {
    const fields = new Map<number, number>();
    const count = at ? short(at) : 0;
    for (let index = 0; index < count; index++) fields.set(short(at + 2 + index * 12), at + 2 + index * 12);
    return fields;
  };
  const pointer = (fields: Map<number, number>, tag: number): number => (fields.has(tag) ? long(fields.get(tag)! + 8) : 0);
  const text = (at: number): string => {
    const length = long(at + 4);
    const from = length > 4 ? long(at + 8) : at + 8;
    return String.fromCharCode(...Array.from({ length: Math.max(0, length - 1) }, (_, index) => view.getUint8(from + index)));
  };
  const degrees = (fields: Map<number, number>, tag: number): number | null => {
    const at = fields.get(tag);
    const side = fields.get(tag - 1);
    if (at === undefined || side === undefined) return null;
    const from = long(at + 8);
    const part = (index: number): number => long(from + index * 8) / (long(from + index * 8 + 4) || 1);
    const value = part(0) + part(1) / 60 + part(2) / 3600;
    return /[SW]/.test(String.fromCharCode(view.getUint8(side + 8))) ? -value : value;
  };
  const main = directory(long(4));
  const details = directory(pointer(main, 0x8769));
  const place = directory(pointer(main, 0x8825));
  const taken = details.get(0x9003) ?? main.get(0x0132);
  return {
    taken: taken === undefined ? '' : text(taken).replace(/^(\d{4}):(\d{2}):/, '$1-$2-'),
    latitude: degrees(place, 2),
    longitude: degrees(place, 4),
  };
}
