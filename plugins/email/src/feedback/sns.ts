import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { ComeBackLater, type Desk, GiveUp, outcomeOf } from '@enishi/plugin-sdk';
import { z } from 'zod';

/** What Amazon SNS posts. `Message` is a text, for us JSON once more. */
export const notification = z.looseObject({
  Type: z.enum(['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']),
  MessageId: z.string().min(1).max(200),
  TopicArn: z.string(),
  Message: z.string(),
  Timestamp: z.string(),
  Subject: z.string().optional(),
  Token: z.string().optional(),
  SubscribeURL: z.string().optional(),
  SignatureVersion: z.enum(['1', '2']),
  Signature: z.string().max(2000),
  SigningCertURL: z.string(),
});

export type Notification = z.output<typeof notification>;

export interface SnsSettings {
  /** Topics that may speak to us; whoever else has an AWS account can sign, too. */
  readonly topicArns: readonly string[];
  /** Asked instead of Amazon's own address, such as a proxy. */
  readonly endpoint?: string | undefined;
}

/** `arn:aws:sns:ap-northeast-1:123456789012:ses-events` */
export const topicArn = /^arn:(aws|aws-cn):sns:([a-z0-9-]{3,}):\d{12}:[\w.-]{1,256}$/;

/** Where the certificate of a topic's region lies and subscriptions to it are confirmed. */
export function snsHost(arn: string): string {
  const [, partition = 'aws', region = ''] = topicArn.exec(arn) ?? [];
  return `sns.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}`;
}

const patienceMs = 10_000;
// Amazon gives a new certificate a new address.
const keptSeconds = 86_400;

/** Checks and confirms what Amazon SNS posts. */
export function sns(settings: SnsSettings) {
  return {
    /**
     * Whether Amazon signed this for one of our topics. The certificate is taken only from the topic's own region of SNS by
     * https: one from anywhere else proves nothing. Throws what keeps the certificate from being fetched.
     */
    async isGenuine(message: Notification, desk: Desk): Promise<boolean> {
      const { TopicArn, SigningCertURL, Signature, SignatureVersion } = message;
      if (!settings.topicArns.includes(TopicArn)) return false;
      const address = addressAt(SigningCertURL, TopicArn, settings);
      if (address === undefined || !address.pathname.endsWith('.pem')) return false;
      const key = await keyAt(address, desk);
      const digest = SignatureVersion === '1' ? 'sha1' : 'sha256';
      return verify(digest, Buffer.from(signedText(message)), key, Buffer.from(Signature, 'base64'));
    },

    /** Confirms the subscription of one of our topics, so that it starts to speak. */
    async confirm({ TopicArn, SubscribeURL = '' }: Notification, desk: Desk): Promise<void> {
      const address = addressAt(SubscribeURL, TopicArn, settings);
      if (address === undefined) throw new GiveUp('the address to confirm the subscription at is not one of Amazon SNS');
      const answer = await fetchText(address, desk);
      // A proxy's page with 200 confirms nothing.
      if (!answer.includes('ConfirmSubscriptionResponse')) throw new Error(`Amazon SNS did not confirm the subscription to ${TopicArn}`);
      desk.log.info('the topic will send its notifications here', { topic: TopicArn });
    },
  };
}

/** An address in a message, if it leads to SNS in the topic's region; at the endpoint of the settings, where there is one. */
function addressAt(value: string, arn: string, { endpoint }: SnsSettings): URL | undefined {
  const url = URL.parse(value);
  if (url?.protocol !== 'https:' || url.host !== snsHost(arn) || url.username !== '') return undefined;
  return endpoint === undefined ? url : new URL(url.pathname + url.search, endpoint);
}

/** The key of a certificate, which is remembered for all processes: asking for it at each notification would be one call more for each. */
async function keyAt(address: URL, desk: Desk): Promise<KeyObject> {
  const name = `certificate/${address.href}`;
  const kept = await desk.state.get<string>(name);
  const key = keyIn(kept ?? (await fetchText(address, desk)));
  // Not a forged message but a certificate we did not get: the message is worth another try.
  if (key === undefined) throw new Error('Amazon SNS answered something else than its certificate');
  if (kept === undefined) await desk.state.set(name, key.export({ type: 'spki', format: 'pem' }), { forSeconds: keptSeconds });
  return key;
}

function keyIn(pem: string): KeyObject | undefined {
  try {
    return createPublicKey(pem);
  } catch {
    return undefined;
  }
}

async function fetchText(address: URL, desk: Desk): Promise<string> {
  const reply = await desk.fetch(address, { signal: AbortSignal.any([desk.signal, AbortSignal.timeout(patienceMs)]) });
  const text = await reply.text();
  if (reply.ok) return text;
  const outcome = outcomeOf(reply);
  const message = `Amazon SNS answered ${reply.status} at ${address.pathname}`;
  if (outcome.status === 'retry' && outcome.afterSeconds !== undefined) throw new ComeBackLater(outcome.afterSeconds, message);
  throw new Error(message);
}

const signedNames = ['Message', 'MessageId', 'SubscribeURL', 'Subject', 'Timestamp', 'Token', 'TopicArn', 'Type'] as const;

/** What is signed: each field there is as `Name\nvalue\n`, by byte order of the names. A notification has neither token nor address. */
function signedText(message: Notification): string {
  const names = signedNames.filter((name) => message.Type !== 'Notification' || (name !== 'SubscribeURL' && name !== 'Token'));
  return names.map((name) => (message[name] === undefined ? '' : `${name}\n${message[name]}\n`)).join('');
}
