/** One kind of value to a file, one value to a line, nothing but ASCII, LF, no byte order mark. */
export interface FileFormat {
  /** Its name in texts. */
  readonly platform: string;
  readonly extension: 'csv' | 'txt';
  /** What the upload form takes. */
  readonly mostBytes: number;
}

/** Source: LINE for Business manual, "e-mail upload": CSV or TXT, no heading, hashed values to 60 MB. */
export const lineFormat: FileFormat = { platform: 'LINE Ads', extension: 'csv', mostBytes: 60_000_000 };

/** Source: Yahoo! JAPAN Ads help, "audience list of customer data": text, UTF-8 without BOM, LF or CRLF, to 200 MB. */
export const yahooFormat: FileFormat = { platform: 'Yahoo! JAPAN Ads', extension: 'txt', mostBytes: 200_000_000 };

/** `add` and `remove` change a list, `all` is the whole of one. */
export type FileKind = 'add' | 'remove' | 'all';

export interface FileName {
  readonly at: Date;
  readonly kind: FileKind;
  /** `email`, `phone` or `advertising-id`. */
  readonly value: string;
  /** The same for the same work: what is written again after a crash is not written twice. */
  readonly id: string;
  readonly part: number;
  readonly extension: string;
}

/** `20261121T233000123Z-add-email-3f2a91bc77de-1.csv`: files sort by time, and are to be uploaded in this order. */
export const fileName = ({ at, kind, value, id, part, extension }: FileName): string =>
  `${at.toISOString().replace(/[-:.]/g, '')}-${kind}-${value}-${id}-${part}.${extension}`;

const shape =
  /^(?<at>\d{8}T\d{9}Z)-(?<kind>add|remove|all)-(?<value>email|phone|advertising-id)-(?<id>[0-9a-f]{12})-(?<part>\d+)\.(?<extension>csv|txt)$/;

/** What a name says, or `undefined` where the file is not one of ours. */
export function readFileName(name: string): FileName | undefined {
  const { at = '', kind = '', value = '', id = '', part, extension = '' } = shape.exec(name)?.groups ?? {};
  const written = new Date(at.replace(/^(....)(..)(..T..)(..)(..)(...Z)$/, '$1-$2-$3:$4:$5.$6'));
  return id === '' ? undefined : { at: written, kind: kind as FileKind, value, id, part: Number(part), extension };
}
