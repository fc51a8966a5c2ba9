import { destination, type Outcome, outcomeOf } from '@enishi/plugin-sdk';
import { z } from 'zod';

const answer = z.object({ id: z.string() });

/** Messages through Acme's API. */
export const messages = ({ apiUrl, apiKey }: { apiUrl: string; apiKey: string }) =>
  destination({
    description: 'One message to one customer.',
    purpose: 'marketing',
    channel: 'email',
    address: 'email',
    message: z.object({ title: z.string().min(1).max(100), text: z.string().min(1).max(1000) }),
    send: (deliveries, desk) =>
      Promise.all(
        deliveries.map(async ({ id, recipient, message }): Promise<Outcome> => {
          const [to] = recipient.identifiers.email ?? [];
          if (to === undefined) return { status: 'rejected', reason: 'the customer has no e-mail address' };
          const reply = await desk.fetch(`${apiUrl}/messages`, {
            method: 'POST',
            // A delivery that is tried again has the same id, so that Acme can tell.
            headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', 'idempotency-key': id },
            body: JSON.stringify({ to, ...message }),
          });
          const outcome = outcomeOf(reply);
          if (outcome.status !== 'delivered') return outcome;
          const said = answer.safeParse(await reply.json().catch(() => undefined));
          if (!said.success) return { status: 'retry', reason: 'Acme said yes without a message id' };
          return { ...outcome, reference: said.data.id };
        }),
      ),
    preview: async ({ message }) => ({ parts: [{ name: 'text', contentType: 'text/plain', body: message.text }] }),
  });
