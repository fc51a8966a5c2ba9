import type { Submission } from '@enishi/core';

const calls: Readonly<Record<string, { type: string; event?: string }>> = {
  'enishi.page_viewed': { type: 'page' },
  'enishi.identified': { type: 'identify' },
  'store.product_viewed': { type: 'track', event: 'Product Viewed' },
  'store.order_completed': { type: 'track', event: 'Order Completed' },
};

/** The same event as a Segment client says it: the member number is its `userId`, e-mail and phone are traits. */
export function messageOf({ id, type, at, identifiers, properties, traits, context }: Submission) {
  const { member, anonymous, ...contacts } = identifiers;
  const call = calls[type];
  if (call === undefined) throw new Error(`no call says ${type}`);
  return {
    ...call,
    messageId: id,
    timestamp: at,
    ...(member === undefined ? {} : { userId: member }),
    ...(anonymous === undefined ? {} : { anonymousId: anonymous }),
    ...(call.type === 'identify'
      ? { traits: { ...traits, ...contacts }, context }
      : { properties, context: { ...context, ...(Object.keys(contacts).length === 0 ? {} : { traits: contacts }) } }),
  };
}
