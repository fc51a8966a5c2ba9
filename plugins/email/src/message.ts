import { z } from 'zod';
import { htmlOfMjml } from './mjml.ts';
import { templateProblem } from './template.ts';

const problemOf = { text: textProblem, html: htmlProblem, mjml: mjmlProblem };

const template = (kind: keyof typeof problemOf, longest: number) =>
  z
    .string()
    .min(1)
    .max(longest)
    .superRefine((value, context) => {
      const problem = problemOf[kind](value);
      if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
    });

function textProblem(value: string): string | undefined {
  return templateProblem(value, 'text');
}

function htmlProblem(value: string): string | undefined {
  return templateProblem(value, 'html');
}

/** Looked at twice: tags that do not close, and what has become of their places in the page. */
function mjmlProblem(value: string): string | undefined {
  try {
    return templateProblem(value, 'text') ?? templateProblem(htmlOfMjml(value), 'html');
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

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
 * The message a program holds. `subject`, `text`, `html` and `mjml` are Mustache templates over the customer's traits, plus
 * `email` and `unsubscribeUrl`: `{{firstName}}様`, `{{#rank}}…{{/rank}}` where there is one, `{{^rank}}…{{/rank}}` where there is none.
 */
export const message = z
  .strictObject({
    subject: template('text', 500),
    /** Some people and many filters read only this part. Default: made from the page. */
    text: template('text', 200_000).optional(),
    html: template('html', 500_000).optional(),
    /** Instead of `html`: the page in MJML, which becomes HTML that every mail program shows alike. */
    mjml: template('mjml', 500_000).optional(),
    /** Default: the plugin's `from`. */
    from: sender.optional(),
    /** What stands in for a value that a customer does not have: `{ "firstName": "お客様" }`. */
    fallbacks: z.record(z.string().min(1), z.string()).default({}),
  })
  .refine(
    ({ text, html, mjml }) => text !== undefined || html !== undefined || mjml !== undefined,
    'write a text, or a page as html or mjml',
  )
  .refine(({ html, mjml }) => html === undefined || mjml === undefined, 'write the page as html or as mjml, not both');

export type Message = z.output<typeof message>;
