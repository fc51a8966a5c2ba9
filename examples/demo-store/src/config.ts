import { ec } from '@enishi/plugin-ec';
import { email } from '@enishi/plugin-email';
import { pos } from '@enishi/plugin-pos';
import { type ConfigInput, defineConfig } from '@enishi/server';
import { survey } from './survey.ts';

/** For show only: a real installation takes its secrets from the environment. */
export const demoSecrets = {
  pos: 'demo-till-secret-0123456789',
  ec: 'demo-shop-secret-0123456789',
  survey: 'demo-survey-secret-0123456789',
  unsubscribe: 'demo-unsubscribe-secret-0123456789',
} as const;

export interface DemoSettings {
  readonly secrets: { readonly pos: string; readonly ec: string; readonly survey: string; readonly unsubscribe: string };
  readonly smtp: { readonly host: string; readonly port: number };
}

/** A retailer with stores, a shop, a mailing list and a questionnaire. */
export const demoConfig = ({ secrets, smtp }: DemoSettings): ConfigInput =>
  defineConfig({
    workspaces: [{ key: 'main', name: 'えにし屋 / Enishi-ya', country: 'JP' }],
    plugins: [
      pos({ webhookSecret: secrets.pos }),
      ec({ webhookSecret: secrets.ec }),
      email({
        ...smtp,
        from: 'えにし屋 <news@enishi-ya.example>',
        footer: '株式会社えにし屋 東京都渋谷区神宮前1-1-1',
        unsubscribeSecret: secrets.unsubscribe,
      }),
      survey({ signingSecret: secrets.survey }),
    ],
  });
