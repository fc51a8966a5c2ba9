export interface SmaregiSettings {
  readonly contractId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The header of one's own that is set in the console, and what it holds: the only proof Smaregi sends. */
  readonly header: string;
  readonly secret: string;
  /** `https://id.smaregi.jp` */
  readonly idUrl: string;
  /** `https://api.smaregi.jp` */
  readonly apiUrl: string;
  readonly chain: string | undefined;
}
