import type { RawRequest } from '@enishi/plugin-sdk';

/** A call the plugin made to the vendor. */
export interface VendorRequest extends RawRequest {
  /** The body as text. */
  readonly text: string;
  /** The body as JSON; throws where it is none. */
  readonly json: () => unknown;
}

/** What the vendor says. With `json` the content type follows; nothing at all is an empty 200. */
export interface VendorAnswer {
  /** Default 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly body?: string | Uint8Array;
}

/** How a vendor lets one down. */
export type Fault =
  /** 429 with `Retry-After: 7`. */
  | 'busy'
  /** 500 with a line of text. */
  | 'broken'
  /** 401 with a line of text. */
  | 'unauthorised'
  /** Takes the call and says nothing until `release()`; then it answers as it should. */
  | 'silent'
  /** Announces a whole body, sends half of it and hangs up. */
  | 'cut'
  /** Hangs up without a word. */
  | 'gone'
  /** 200 with a web page instead of JSON, as a proxy or a log-in page does. */
  | 'html'
  /** 302 to an address inside, where a listener records who comes: see `trespassers`. */
  | 'inside'
  /** Answers as it should, but only after this time. */
  | { readonly afterMs: number }
  /** Any other answer, such as 200 with an error in it. */
  | VendorAnswer;
