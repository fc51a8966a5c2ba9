import { defineConfig } from '@enishi/server';
import { demoConfig, demoSecrets } from './src/config.ts';

const environment = process.env;

/** `npm run enishi -- start --config examples/demo-store/enishi.config.ts`: the demo's retailer as an installation of its own. */
export default defineConfig(
  demoConfig({
    secrets: {
      pos: environment.POS_WEBHOOK_SECRET ?? demoSecrets.pos,
      ec: environment.EC_WEBHOOK_SECRET ?? demoSecrets.ec,
      survey: environment.SURVEY_SECRET ?? demoSecrets.survey,
      unsubscribe: environment.UNSUBSCRIBE_SECRET ?? demoSecrets.unsubscribe,
    },
    smtp: { host: environment.SMTP_HOST ?? '127.0.0.1', port: Number(environment.SMTP_PORT ?? 1025) },
  }),
);
