import { ads } from '@enishi/plugin-ads';
import { ec } from '@enishi/plugin-ec';
import { email } from '@enishi/plugin-email';
import { facebook } from '@enishi/plugin-facebook';
import { foursquare } from '@enishi/plugin-foursquare';
import { line } from '@enishi/plugin-line';
import { pos } from '@enishi/plugin-pos';
import type { Plugin } from '@enishi/plugin-sdk';
import { type ConfigInput, defineConfig } from '@enishi/server';
import { survey } from './survey.ts';

/** For show only: a real installation takes its secrets from the environment. */
export const demoSecrets = {
  pos: 'demo-till-secret-0123456789',
  ec: 'demo-shop-secret-0123456789',
  survey: 'demo-survey-secret-0123456789',
  unsubscribe: 'demo-unsubscribe-secret-0123456789',
} as const;

/** How the demo's partners sign, and what they are told. */
export const partnerSecrets = { line: 'demo-line-secret', facebook: 'demo-facebook-secret', foursquare: 'demo-foursquare-push' } as const;

export interface DemoSettings {
  readonly secrets: { readonly pos: string; readonly ec: string; readonly survey: string; readonly unsubscribe: string };
  readonly smtp: { readonly host: string; readonly port: number };
  /** Where LINE, Facebook, Foursquare and Meta's advertising answer; without it the house does not know them. */
  readonly partnersUrl?: string;
}

/** The systems outside: here all of them answer at one address. */
const partners = (url: string): Plugin[] => [
  line({
    channelSecret: partnerSecrets.line,
    channelAccessToken: 'demo-line-token',
    follow: { purposes: ['marketing'], notice: '友だち追加ページ 2026-04' },
    accountLink: { page: 'https://enishi-ya.example/login?from=line' },
    apiUrl: url,
    dataUrl: url,
  }),
  facebook({
    appId: '4711',
    appSecret: partnerSecrets.facebook,
    verifyToken: 'demo-verify-me',
    permissions: ['public_profile', 'user_likes'],
    graphUrl: url,
  }),
  foursquare({
    clientId: 'demo',
    clientSecret: 'demo-foursquare-secret',
    pushSecret: partnerSecrets.foursquare,
    apiUrl: url,
    siteUrl: url,
  }),
  ads({ meta: { accessToken: 'demo-meta-token', fields: ['email'], baseUrl: url } }),
];

/** A retailer with stores, a shop, a mailing list and a questionnaire, and the systems of others it works with. */
export const demoConfig = ({ secrets, smtp, partnersUrl }: DemoSettings): ConfigInput =>
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
      ...(partnersUrl === undefined ? [] : partners(partnersUrl)),
    ],
  });
