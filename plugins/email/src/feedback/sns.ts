import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { type Desk, GiveUp } from '@enishi/plugin-sdk';
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

const mostKeys = 20;

/** Checks and confirms what Amazon SNS posts; remembers the certificates it has seen. */
export function sns(settings: SnsSettings) {
  const keys = new Map<string, KeyObject>();

  const keyAt = async (address: URL, desk: Desk): Promise<KeyObject | undefined> => {
    const known = keys.get(address.href);
    if (known !== undefined) return known;
    const key = await fetchKey(address, desk);
    if (keys.size >= mostKeys) keys.clear();
    if (key !== undefined) keys.set(address.href, key);
    return key;
  };

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
      return key !== undefined && verify(digest, Buffer.from(signedText(message)), key, Buffer.from(Signature, 'base64'));
    },

    /** Confirms the subscription of one of our topics, so that it starts to speak. */
    async confirm({ TopicArn, SubscribeURL = '' }: Notification, desk: Desk): Promise<void> {
      const address = addressAt(SubscribeURL, TopicArn, settings);
      if (address === undefined) throw new GiveUp('the address to confirm the subscription at is not one of Amazon SNS');
      const reply = await desk.fetch(address);
      await reply.body?.cancel();
      if (!reply.ok) throw new Error(`Amazon SNS answered ${reply.status} to the confirmation of ${TopicArn}`);
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

async function fetchKey(address: URL, desk: Desk): Promise<KeyObject | undefined> {
  const reply = await desk.fetch(address);
  const pem = await reply.text();
  if (!reply.ok) throw new Error(`Amazon SNS answered ${reply.status} to the question for its certificate`);
  try {
    return createPublicKey(pem);
  } catch {
    return undefined;
  }
}

const signedNames = ['Message', 'MessageId', 'SubscribeURL', 'Subject', 'Timestamp', 'Token', 'TopicArn', 'Type'] as const;

/** What is signed: each field there is as `Name\nvalue\n`, by byte order of the names. A notification has neither token nor address. */
function signedText(message: Notification): string {
  const names = signedNames.filter((name) => message.Type !== 'Notification' || (name !== 'SubscribeURL' && name !== 'Token'));
  return names.map((name) => (message[name] === undefined ? '' : `${name}\n${message[name]}\n`)).join('');
}
