import { z } from 'zod';
import { action, httpsUrl, template } from './parts.ts';

// Only what makes a component one is checked here; its looks (size, colour, margin) go through as they are, and LINE has the last word.
type Component = { readonly type: string; readonly [property: string]: unknown };
const components: z.ZodType<Component[]> = z.lazy(() => z.array(component).max(200));

const box = z.looseObject({
  type: z.literal('box'),
  layout: z.enum(['horizontal', 'vertical', 'baseline']),
  contents: components,
  action: action.optional(),
});
const text = z
  .looseObject({ type: z.literal('text'), text: template(2000).optional(), contents: components.optional(), action: action.optional() })
  .refine((value) => value.text !== undefined || value.contents !== undefined, 'a text needs text or contents');

const component: z.ZodType<Component> = z.discriminatedUnion('type', [
  box,
  text,
  z.looseObject({ type: z.literal('span'), text: template(2000) }),
  z.looseObject({ type: z.literal('button'), action }),
  z.looseObject({ type: z.literal('image'), url: httpsUrl, action: action.optional() }),
  z.looseObject({ type: z.literal('icon'), url: httpsUrl }),
  z.looseObject({ type: z.literal('video'), url: httpsUrl, previewUrl: httpsUrl, altContent: z.lazy(() => component) }),
  z.looseObject({ type: z.literal('separator') }),
  z.looseObject({ type: z.literal('filler') }),
]);

const bubble = z
  .strictObject({
    type: z.literal('bubble'),
    size: z.enum(['nano', 'micro', 'deca', 'hecto', 'kilo', 'mega', 'giga']).optional(),
    direction: z.enum(['ltr', 'rtl']).optional(),
    header: box.optional(),
    hero: component.optional(),
    body: box.optional(),
    footer: box.optional(),
    styles: z.record(z.enum(['header', 'hero', 'body', 'footer']), z.looseObject({})).optional(),
    action: action.optional(),
  })
  .refine((value) => ['header', 'hero', 'body', 'footer'].some((part) => part in value), 'a bubble needs a header, hero, body or footer');

const carousel = z.strictObject({ type: z.literal('carousel'), contents: z.array(bubble).min(1).max(12) });

export const container = z.discriminatedUnion('type', [bubble, carousel]);

export type Container = z.output<typeof container>;

const kilobyte = 1024;
const limits = { bubble: 30 * kilobyte, carousel: 50 * kilobyte };

/** What is too large in a Flex Message once it is written out, or `undefined`. Source: "Flex Message" of the Messaging API reference. */
export function flexProblem(contents: Container): string | undefined {
  const sized = contents.type === 'carousel' ? [contents, ...contents.contents] : [contents];
  for (const part of sized) {
    const bytes = Buffer.byteLength(JSON.stringify(part));
    if (bytes > limits[part.type]) return `a ${part.type} may have ${limits[part.type]} bytes and has ${bytes}`;
  }
  return undefined;
}
