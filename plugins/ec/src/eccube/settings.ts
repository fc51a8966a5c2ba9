export interface EccubeSettings {
  /** Address of the shop, `https://shop.example`. */
  readonly url: string;
  /** The OAuth client made in the shop's administration, and the refresh token it was given. */
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
  readonly webhookSecret: string;
  readonly shop: string | undefined;
  /** Ids of the order states, as the shop's master data has them. */
  readonly cancelled: readonly number[];
  readonly returned: readonly number[];
  readonly unfinished: readonly number[];
}
