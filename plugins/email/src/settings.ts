import { createPrivateKey } from 'node:crypto';
import { secret } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { usualRoleAccounts } from './address.ts';
import { verificationKey } from './feedback/sendgrid.ts';
import { topicArn } from './feedback/sns.ts';
import { sender } from './message.ts';

const port = z.int().min(1).max(65_535);
const login = z.strictObject({ user: z.string().min(1), password: secret() });

// The stamp takes 53 signs and a plus of the 64 that RFC 5321 gives the part before @.
const longestBounceName = 10;

const bounceAddress = z
  .email()
  .refine(
    (value) => value.lastIndexOf('@') <= longestBounceName,
    `the part before @ may have ${longestBounceName} signs: a stamp is put behind it`,
  )
  .describe('Where bounces come back to, as bounce+STAMP@host: the server must deliver such addresses to the mailbox before the plus.');

const dkim = z
  .strictObject({
    domain: z.string().min(1).describe('Domain whose DNS holds the public key.'),
    selector: z.string().min(1).describe('Name of the key in the DNS: SELECTOR._domainkey.DOMAIN.'),
    privateKey: secret().refine(isRsaKey, 'give an RSA private key in PEM'),
  })
  .describe('Signs every mail here. Leave it out where the SMTP server signs.');

const mailbox = z
  .strictObject({
    host: z.string().min(1),
    port: port.default(993),
    secure: z.boolean().default(true).describe('TLS from the first byte; otherwise STARTTLS.'),
    requireTls: z.boolean().default(true).describe('Log in to no server that offers no TLS.'),
    auth: login,
    folder: z.string().min(1).default('INBOX'),
    everySeconds: z.int().min(10).max(86_400).default(60).describe('Seconds between two looks.'),
  })
  .describe('The mailbox that bounces, complaints and requests to unsubscribe come to, read by IMAP. Nothing in it is changed.');

const ses = z
  .strictObject({
    topicArns: z.array(z.string().regex(topicArn, 'write the ARN of a topic, such as arn:aws:sns:ap-northeast-1:123456789012:ses')).min(1),
    configurationSet: z
      .string()
      .regex(/^[\w-]{1,64}$/)
      .optional()
      .describe('Configuration set of Amazon SES that mails are sent under.'),
    endpoint: z.url().optional().describe('Asked for certificates and confirmations instead of Amazon SNS itself, such as a proxy.'),
  })
  .describe('Events of Amazon SES, by the source email.ses.');

const sendgrid = z
  .strictObject({
    publicKey: z
      .string()
      .refine((value) => verificationKey(value) !== undefined, 'paste the verification key of the signed event webhook, in Base64')
      .describe('The verification key that SendGrid shows for the signed event webhook.'),
  })
  .describe('Events of SendGrid, by the source email.sendgrid.');

export const settings = z.strictObject({
  host: z.string().min(1).describe('Host of the SMTP server.'),
  port: port.default(587),
  secure: z.boolean().default(false).describe('TLS from the first byte (port 465). Otherwise STARTTLS where the server offers it.'),
  requireTls: z.boolean().default(false).describe('Send nothing to a server that offers no STARTTLS.'),
  auth: login.optional(),
  from: sender.describe('Default sender, such as "えにし屋 <news@shop.example>".'),
  footer: z.string().max(2000).optional().describe('Printed under every mail: who sends it, with postal address.'),
  unsubscribeSecret: secret().min(16).describe('Seals unsubscribe links and stamps. At least 16 characters, random.'),
  formerUnsubscribeSecrets: z
    .array(secret())
    .default([])
    .describe('Earlier secrets, so that links and bounces of mail already sent go on working.'),
  unsubscribeMailbox: z
    .email()
    .optional()
    .describe(
      'An address that takes unsubscribe requests too, best one that the mailbox of the settings receives: there they are read. Elsewhere somebody must read them.',
    ),
  connections: z.int().min(1).max(100).default(5).describe('SMTP connections, and mails under way at once.'),
  mailsPerConnection: z.int().min(1).max(10_000).default(100).describe('After so many mails a connection is closed and opened anew.'),
  mailsPerSecond: z.number().positive().max(10_000).optional().describe('What the SMTP server allows, over all processes.'),
  timeoutSeconds: z.number().positive().max(600).default(60).describe('After this a mail is given up and tried again later.'),
  dkim: dkim.optional(),
  bounceAddress: bounceAddress.optional(),
  mailbox: mailbox.optional(),
  ses: ses.optional(),
  sendgrid: sendgrid.optional(),
  softBounces: z
    .strictObject({ count: z.int().min(1).max(100).default(3), withinDays: z.number().positive().max(365).default(14) })
    .prefault({})
    .describe('So many soft bounces within so many days suppress an address.'),
  roleAccounts: z
    .array(z.string().min(1).toLowerCase())
    .default(usualRoleAccounts)
    .describe('Names before @ that nobody reads as their own; they are sent nothing.'),
  disposableDomains: z
    .array(z.string().min(1).toLowerCase())
    .default([])
    .describe('Domains of throw-away mailboxes; they are sent nothing.'),
});

export type Settings = z.output<typeof settings>;

function isRsaKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}
