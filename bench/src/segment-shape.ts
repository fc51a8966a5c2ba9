import type { Submission } from '@enishi/core';

const calls: Readonly<Record<string, { type: string; event?: string }>> = {
  'enishi.page_viewed': { type: 'page' },
  'enishi.identified': { type: 'identify' },
  'store.product_viewed': { type: 'track', event: 'Product Viewed' },
  'store.order_completed': { type: 'track', event: 'Order Completed' },
};

/** People as the tracking API knows them: by the shop's own user id in the place of the member number. */
export function asUser(submission: Submission): Submission {
  const { member, ...others } = submission.identifiers;
  return member === undefined ? submission : { ...submission, identifiers: { user: member, ...others } };
}

/** The same event as a Segment client says it: e-mail and phone are traits. */
export function messageOf({ id, type, at, identifiers, properties, traits, context }: Submission) {
  const { user, anonymous, ...contacts } = identifiers;
  const call = calls[type];
  if (call === undefined) throw new Error(`no call says ${type}`);
  return {
    ...call,
    messageId: id,
    timestamp: at,
    ...(user === undefined ? {} : { userId: user }),
    ...(anonymous === undefined ? {} : { anonymousId: anonymous }),
    ...(call.type === 'identify'
      ? { traits: { ...traits, ...contacts }, context }
      : { properties, context: { ...context, ...(Object.keys(contacts).length === 0 ? {} : { traits: contacts }) } }),
  };
}
