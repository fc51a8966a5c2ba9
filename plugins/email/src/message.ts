import { z } from 'zod';
import { templateProblem } from './template.ts';

const template = (kind: 'text' | 'html', longest: number) =>
  z
    .string()
    .min(1)
    .max(longest)
    .superRefine((value, context) => {
      const problem = templateProblem(value, kind);
      if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
    });

/** `news@shop.example`, or with a name: `えにし屋 <news@shop.example>`. */
export const sender = z
  .string()
  .max(320)
  .refine((value) => readSender(value) !== undefined, 'write an address such as news@shop.example or えにし屋 <news@shop.example>');

export function readSender(value: string): { name: string; address: string } | undefined {
  const [, name = '', bracketed, bare] = /^(?:([^<>\r\n]*)<([^<>\s]+)>|([^<>\s]+))$/.exec(value.trim()) ?? [];
  const address = bracketed ?? bare;
  return address !== undefined && z.email().safeParse(address).success
    ? { name: name.trim().replace(/^"(.*)"$/, '$1'), address }
    : undefined;
}

/**
 * The message a program holds. `subject`, `text` and `html` are Mustache templates over the customer's traits, plus `email` and
 * `unsubscribeUrl`: `{{firstName}}様`, `{{#rank}}…{{/rank}}` where there is one, `{{^rank}}…{{/rank}}` where there is none.
 */
export const message = z.strictObject({
  subject: template('text', 500),
  /** Always sent: some people and many filters read only this part. */
  text: template('text', 200_000),
  html: template('html', 500_000).optional(),
  /** Default: the plugin's `from`. */
  from: sender.optional(),
  /** What stands in for a value that a customer does not have: `{ "firstName": "お客様" }`. */
  fallbacks: z.record(z.string().min(1), z.string()).default({}),
});

export type Message = z.output<typeof message>;
