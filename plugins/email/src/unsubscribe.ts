import { type RawRequest, type WebhookSource, webhook } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { unsubscribed } from './events.ts';
import { askPage, donePage, invalidPage } from './page.ts';
import type { Subscription, Tokens } from './token.ts';

/** The address of a link: whom it speaks for is sealed in the token, the workspace tells the server where to book it. */
export function unsubscribeUrl(base: string, token: string, workspace: string): string {
  const url = new URL(base);
  url.searchParams.set('workspace', workspace);
  url.searchParams.set('token', token);
  return url.toString();
}

/**
 * RFC 8058: a `POST` acts at once, without log-in, cookies or a further question; a `GET` only shows a page. Whatever its body
 * says, form or multipart, the token decides.
 */
export function unsubscribeSource({ open }: Tokens): WebhookSource {
  // A token of one workspace must not withdraw anything in another, where the same address is another customer's.
  const subscriptionOf = ({ query }: RawRequest): Subscription | undefined => {
    const subscription = open(query.token ?? '');
    return subscription?.workspace === query.workspace ? subscription : undefined;
  };
  return webhook({
    description: 'Where the unsubscribe link of a mail leads.',
    body: z.unknown(),
    verify: (request) => subscriptionOf(request) !== undefined,
    receive: (_body, request, desk) => {
      const subscription = subscriptionOf(request);
      if (subscription === undefined) return [];
      const { email, purpose, delivery } = subscription;
      const at = desk.now();
      const way = wantsPage(request) ? 'page' : 'one-click';
      return [
        unsubscribed({
          // To the minute: a double click is one event, yet somebody who agreed again meanwhile can leave again by the same link.
          id: `${delivery}/${Math.floor(at.getTime() / 60_000)}`,
          at,
          identifiers: { email },
          properties: { purpose, delivery, way },
          consents: [{ purpose, channel: 'email', state: 'WITHDRAWN', evidence: evidenceOf(request, { delivery, way }) }],
        }),
      ];
    },
    page: (request) => {
      const subscription = subscriptionOf(request);
      return subscription === undefined ? invalidPage() : askPage(subscription.email);
    },
    answer: (request) => (wantsPage(request) ? donePage() : undefined),
  });
}

/** A browser says that it wants HTML; a mailbox provider's machine does not. */
const wantsPage = ({ headers }: RawRequest): boolean => (headers.accept ?? '').includes('text/html');

const evidenceOf = ({ headers }: RawRequest, { delivery, way }: { delivery: string; way: string }): Record<string, unknown> => ({
  kind: 'unsubscribe-link',
  way,
  delivery,
  ...(headers['user-agent'] === undefined ? {} : { userAgent: headers['user-agent'].slice(0, 300) }),
});
