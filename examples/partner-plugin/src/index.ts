import { askJson, definePlugin, destination, event, hmacSignature, hostOf, outcomeOf, poll, secret, webhook } from '@enishi/plugin-sdk';
import { z } from 'zod';

const seated = event('table.guest_seated', z.object({ seats: z.int() }), { description: 'A guest took a table.' });

const visit = z
  .object({ id: z.string(), member: z.string(), email: z.string().optional(), at: z.coerce.date(), seats: z.int() })
  .transform(({ id, at, seats, ...identifiers }) => seated({ id, at, identifiers, properties: { seats } }));
const page = z.object({ visits: z.array(visit), next: z.string().nullable() });

export const table = definePlugin({
  name: 'table',
  description: 'Bookings of a restaurant: visits come in, invitations go out.',
  config: z.object({ webhookSecret: secret(), token: secret(), url: z.url().default('https://api.table.example') }),
  events: [seated],
  hosts: ({ url }) => [hostOf(url)],
  setup: ({ webhookSecret, token, url }) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    return {
      sources: {
        visits: webhook({
          description: 'Visits as they happen.',
          body: z.object({ visits: z.array(visit) }),
          verify: hmacSignature({ header: 'x-table-signature', secret: webhookSecret, encoding: 'base64' }),
          receive: ({ visits }) => visits,
        }),
        missed: poll({
          description: 'Visits whose call did not arrive.',
          sameAs: 'visits',
          cursor: z.object({ after: z.string() }),
          everySeconds: 300,
          read: async (cursor, desk) => {
            const after = cursor?.after ?? '';
            const { visits, next } = await askJson(desk, { partner: 'Table', url: `${url}/visits?after=${after}`, headers, answer: page });
            return { drafts: visits, cursor: { after: next ?? after }, more: next !== null };
          },
        }),
      },
      destinations: {
        invitation: destination({
          description: 'An invitation for a table.',
          purpose: 'marketing',
          channel: 'email',
          address: 'email',
          message: z.object({ text: z.string(), seats: z.int().default(2) }),
          send: (deliveries, desk) =>
            Promise.all(
              deliveries.map(async ({ id, recipient, message }) => {
                const [to] = recipient.identifiers.email ?? [];
                if (to === undefined) return { status: 'rejected', reason: 'no e-mail address' };
                const body = JSON.stringify({ to, ...message });
                return outcomeOf(await desk.fetch(`${url}/invitations/${id}`, { method: 'PUT', headers, body }));
              }),
            ),
        }),
      },
    };
  },
});
