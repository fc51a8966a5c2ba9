import { ec } from '@enishi/plugin-ec';
import { email } from '@enishi/plugin-email';
import { pos } from '@enishi/plugin-pos';
import { defineConfig } from '@enishi/server';

const { EC_WEBHOOK_SECRET, POS_WEBHOOK_SECRET, MAIL_FROM, SMTP_HOST, SMTP_PORT, SMTP_USER, SMTP_PASSWORD, UNSUBSCRIBE_SECRET } =
  process.env;

/** Mail is off until it is said where it goes. What is missing after that is named at start. */
const mail = SMTP_HOST
  ? [
      email({
        host: SMTP_HOST,
        from: MAIL_FROM ?? '',
        unsubscribeSecret: UNSUBSCRIBE_SECRET ?? '',
        ...(SMTP_PORT ? { port: Number(SMTP_PORT) } : {}),
        ...(SMTP_USER ? { auth: { user: SMTP_USER, password: SMTP_PASSWORD ?? '' } } : {}),
      }),
    ]
  : [];

/** The settings of the image. A plugin takes its secrets from the environment; without one its webhook does not exist. */
export default defineConfig({
  plugins: [
    pos(POS_WEBHOOK_SECRET ? { webhookSecret: POS_WEBHOOK_SECRET } : {}),
    ec(EC_WEBHOOK_SECRET ? { webhookSecret: EC_WEBHOOK_SECRET } : {}),
    ...mail,
  ],
});
