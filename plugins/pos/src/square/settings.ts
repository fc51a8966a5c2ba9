export interface SquareSettings {
  /** Signs the webhook; shown in the developer console beside the subscription. */
  readonly signatureKey: string;
  /** The address of the webhook exactly as it was registered, which is signed too. */
  readonly notificationUrl: () => string;
  readonly accessToken: string;
  /** `https://connect.squareup.com` */
  readonly url: string;
  /** Version of the API, `YYYY-MM-DD`. */
  readonly version: string;
  /** Whether a customer's `reference_id` is the number of their member card. */
  readonly referenceIsMember: boolean;
  readonly chain: string | undefined;
}
