import { definePlugin, hostOf, secret } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { messages } from './messages.ts';

export const acmePlugin = definePlugin({
  name: 'acme',
  description: 'Acme: messages go out.',
  texts: {
    en: { name: 'Acme', summary: 'Sends messages through Acme.' },
    ja: { name: 'Acme', summary: 'Acmeを通じてメッセージを送ります。' },
  },
  config: z.object({
    apiKey: secret().describe("Key of Acme's API."),
    apiUrl: z.url().default('https://api.acme.example').describe("Where Acme's API is."),
  }),
  hosts: ({ apiUrl }) => [hostOf(apiUrl)],
  setup: (settings) => ({ destinations: { messages: messages(settings) } }),
});
