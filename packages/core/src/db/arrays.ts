/**
 * Lists as parameters in PostgreSQL's binary array format (`array_recv` in its source). As text, the driver would put
 * every element through an escaping pass and the server would read it back sign by sign: more work than storing it.
 */

const oids = { int4: 23, text: 25, json: 114, timestamptz: 1184, uuid: 2950, jsonb: 3802 } as const;
const headerSize = 20;

/** A buffer with the header in place and room for the elements. */
function begin(type: keyof typeof oids, count: number, size: number): Buffer {
  if (count === 0) {
    const empty = Buffer.alloc(12);
    empty.writeInt32BE(oids[type], 8);
    return empty;
  }
  const buffer = Buffer.allocUnsafe(headerSize + size);
  buffer.writeInt32BE(1, 0);
  buffer.writeInt32BE(1, 4);
  buffer.writeInt32BE(oids[type], 8);
  buffer.writeInt32BE(count, 12);
  buffer.writeInt32BE(1, 16);
  return buffer;
}

type Nullable<TItem> = readonly (TItem | null | undefined)[];

/** Elements of one size, except those that are null. */
function fixed<TItem>(
  type: keyof typeof oids,
  items: Nullable<TItem>,
  [width, write]: readonly [number, (buffer: Buffer, item: TItem, at: number) => void],
): Buffer {
  const buffer = begin(type, items.length, items.length * (4 + width));
  let at = headerSize;
  // By place: these loops run for every value that is stored, and an iterator would make an object for each.
  for (let place = 0; place < items.length; place += 1) {
    const item = items[place];
    if (item === null || item === undefined) {
      at = buffer.writeInt32BE(-1, at);
      continue;
    }
    at = buffer.writeInt32BE(width, at);
    write(buffer, item, at);
    at += width;
  }
  return items.length === 0 ? buffer : buffer.subarray(0, at);
}

/** Texts, each after the bytes of `prefix`. */
function varying(type: keyof typeof oids, items: Nullable<string>, prefix: 0 | 1): Buffer {
  let size = 0;
  for (let place = 0; place < items.length; place += 1) {
    const item = items[place];
    size += 4 + (item === null || item === undefined ? 0 : prefix + Buffer.byteLength(item));
  }
  const buffer = begin(type, items.length, size);
  let at = headerSize;
  for (let place = 0; place < items.length; place += 1) {
    const item = items[place];
    if (item === null || item === undefined) {
      at = buffer.writeInt32BE(-1, at);
      continue;
    }
    const start = at + 4;
    if (prefix === 1) buffer[start] = 1;
    const written = buffer.write(item, start + prefix, 'utf8');
    buffer.writeInt32BE(prefix + written, at);
    at = start + prefix + written;
  }
  return buffer;
}

const nibbles = new Uint8Array(128);
for (let digit = 0; digit < 16; digit += 1) {
  nibbles[digit.toString(16).charCodeAt(0)] = digit;
  nibbles[digit.toString(16).toUpperCase().charCodeAt(0)] = digit;
}
const nibble = (text: string, place: number): number => nibbles[text.charCodeAt(place)] ?? 0;

function writeUuid(buffer: Buffer, id: string, at: number): void {
  let place = 0;
  for (let byte = 0; byte < 16; byte += 1) {
    if (byte === 4 || byte === 6 || byte === 8 || byte === 10) place += 1;
    buffer[at + byte] = (nibble(id, place) << 4) | nibble(id, place + 1);
    place += 2;
  }
}

/** Microseconds since 2000. */
function writeTime(buffer: Buffer, time: Date | number, at: number): void {
  const micros = (Number(time) - 946_684_800_000) * 1000;
  const high = Math.floor(micros / 2 ** 32);
  buffer.writeInt32BE(high, at);
  buffer.writeUInt32BE(micros - high * 2 ** 32, at + 4);
}

const writeInt = (buffer: Buffer, value: number, at: number): number => buffer.writeInt32BE(value, at);

/** `uuid[]`, of ids in their usual form with hyphens. */
export const uuids = (ids: Nullable<string>): Buffer => fixed('uuid', ids, [16, writeUuid]);
/** `int[]` */
export const ints = (values: Nullable<number>): Buffer => fixed('int4', values, [4, writeInt]);
/** `timestamptz[]`, of dates or of milliseconds since 1970. */
export const times = (instants: Nullable<Date | number>): Buffer => fixed('timestamptz', instants, [8, writeTime]);
/** `text[]` */
export const texts = (items: Nullable<string>): Buffer => varying('text', items, 0);
/** `json[]`, of JSON text. */
export const jsons = (items: Nullable<string>): Buffer => varying('json', items, 0);
/** `jsonb[]`, of JSON text. */
export const jsonbs = (items: Nullable<string>): Buffer => varying('jsonb', items, 1);

/**
 * Lists of different lengths, which no array of arrays may have: all their elements in a row, and where each list begins
 * and ends (counted from one; null for a list that is not there). In SQL: `(all)[from:till]`.
 */
export function rows<TItem>(lists: Nullable<readonly TItem[]>): { readonly all: TItem[]; readonly from: Buffer; readonly till: Buffer } {
  const all: TItem[] = [];
  const from: (number | null)[] = [];
  const till: (number | null)[] = [];
  for (const list of lists) {
    from.push(list ? all.length + 1 : null);
    for (const item of list ?? []) all.push(item);
    till.push(list ? all.length : null);
  }
  return { all, from: ints(from), till: ints(till) };
}
