import { createHash } from 'node:crypto';

/**
 * `X-Line-Retry-Key` of a request: a UUID made of the ids of its deliveries, so that the same request asked again is known to
 * LINE for 24 hours, whichever process asks.
 */
export function retryKey(deliveryIds: readonly string[]): string {
  const hash = createHash('sha256').update(deliveryIds.toSorted().join('\n')).digest();
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  return hash.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
