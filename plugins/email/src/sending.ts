import type { Delivery, Outcome, Preview } from '@enishi/plugin-sdk';
import { addressProblem } from './address.ts';
import { compose } from './compose.ts';
import type { Seals } from './feedback/trace.ts';
import type { Message } from './message.ts';
import { outcomeOfError } from './outcome.ts';
import type { Settings } from './settings.ts';
import { openTransport } from './transport.ts';
import { unsubscribeUrl } from './unsubscribe.ts';
import { write } from './write.ts';

export interface Sending {
  readonly settings: Settings;
  readonly seals: Seals;
  readonly purpose: string;
  /** The public address of the unsubscribe source. */
  readonly unsubscribeBase: () => string;
}

/** Sends one mail per delivery, and shows how it would look. */
export function sending({ settings, seals, purpose, unsubscribeBase }: Sending) {
  // Given up a little before the host would: then it is still known how far the mail had come.
  const transport = openTransport({ ...settings, timeoutSeconds: settings.timeoutSeconds * 0.8 });

  const deliver = async (delivery: Delivery<Message>, signal: AbortSignal): Promise<Outcome> => {
    const [email] = delivery.recipient.identifiers.email ?? [];
    if (email === undefined) return { status: 'rejected', reason: 'the customer has no e-mail address' };
    const problem = addressProblem(email, settings);
    if (problem !== undefined) return { status: 'rejected', reason: problem };
    const { workspace, id } = delivery;
    const token = seals.tokens.seal({ workspace, email, purpose, delivery: id });
    const stamp = seals.stamps.stamp({ workspace, delivery: id, email });
    const deadline = AbortSignal.timeout(settings.timeoutSeconds * 900);
    let handedOver = false;
    const onHandedOver = () => {
      handedOver = true;
    };
    try {
      const url = unsubscribeUrl(unsubscribeBase(), token, workspace);
      const mail = compose(delivery, { email, stamp, token, unsubscribeUrl: url }, settings);
      const { messageId } = await transport.send({ ...mail, signal: AbortSignal.any([signal, deadline]) }, onHandedOver);
      return { status: 'delivered', reference: messageId };
    } catch (error) {
      return outcomeOfError(error, handedOver);
    }
  };

  /** With a link that leads nowhere: a preview is passed around, and whoever tries its link must not unsubscribe the customer. */
  const preview = ({ message, recipient }: Delivery<Message>): Preview => {
    const [email = ''] = recipient.identifiers.email ?? [];
    const { subject, text, html } = write(message, { email, traits: recipient.traits, unsubscribeUrl: unsubscribeBase() }, settings.footer);
    const plain = (name: string, body: string) => ({ name, contentType: 'text/plain; charset=utf-8', body });
    const page = html === undefined ? [] : [{ name: 'html', contentType: 'text/html; charset=utf-8', body: html }];
    return { parts: [plain('subject', subject), plain('text', text), ...page] };
  };

  return { deliver, preview, verify: transport.verify, close: async () => transport.close() };
}
