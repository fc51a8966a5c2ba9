/**
 * What a decision is in force under: `purpose/channel`, and `purpose/channel/scope` where it is about one kind of data only. Kept
 * apart, because a yes to one kind is no yes to the others, nor a no a no.
 */
export const consentKey = ({ purpose, channel, scope = '*' }: { purpose: string; channel: string; scope?: string | undefined }): string =>
  scope === '*' ? `${purpose}/${channel}` : `${purpose}/${channel}/${scope}`;
