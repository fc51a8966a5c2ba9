import { decodeCursor, encodeCursor, InvalidCursor, type Position, type Workspace } from '@enishi/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const workspace = (id: number, salt: string): Workspace => ({ id, key: `w${id}`, name: 'W', country: 'JP', salt: Buffer.from(salt) });
const ours = workspace(1, 'salt of one');

const position: fc.Arbitrary<Position> = fc.oneof(
  fc.record({ seq: fc.maxSafeNat() }),
  fc.record({ seq: fc.maxSafeNat(), snapshot: fc.record({ segmentId: fc.nat(), customerId: fc.uuid() }) }),
);

describe('a cursor', () => {
  it('comes back as the position it was made of', () => {
    fc.assert(
      fc.property(position, (place) => {
        expect(decodeCursor(ours, encodeCursor(ours, place))).toEqual(place);
      }),
    );
  });

  it('is refused when a single character of it was changed', () => {
    fc.assert(
      fc.property(position, fc.nat(26), fc.constantFrom('A', 'b', '7', '-', '_', '='), (place, index, character) => {
        const cursor = encodeCursor(ours, place);
        fc.pre(cursor[index] !== character && index < cursor.length - 1);
        expect(() => decodeCursor(ours, cursor.slice(0, index) + character + cursor.slice(index + 1))).toThrow(InvalidCursor);
      }),
    );
  });

  it.each([
    ['of another workspace', encodeCursor(workspace(2, 'salt of two'), { seq: 5 })],
    ['with the salt of ours but the id of another', encodeCursor(workspace(2, 'salt of one'), { seq: 5 })],
    ['that is empty', ''],
    ['that is no base64url', 'ü'.repeat(27)],
    ['that is far too long', 'A'.repeat(10_000)],
  ])('is refused: one %s', (_, cursor) => {
    expect(() => decodeCursor(ours, cursor)).toThrow(InvalidCursor);
  });
});
