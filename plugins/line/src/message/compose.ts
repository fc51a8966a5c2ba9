import type { Delivery } from '@enishi/plugin-sdk';
import type { messagingApi } from '@line/bot-sdk';
import { flexProblem } from './flex.ts';
import { type Content, longest, type Message } from './message.ts';
import { render, viewOf } from './template.ts';

/** A message as it goes to LINE, but for whom. */
export interface Composed {
  readonly messages: messagingApi.Message[];
  readonly notificationDisabled?: boolean;
  readonly customAggregationUnits?: string[];
}

/** The message with the customer's traits in it, or why it cannot be sent to them. */
export function compose({ message, recipient }: Delivery<Message>): Composed | { readonly problem: string } {
  const view = viewOf(recipient.traits, message.fallbacks);
  const contents = message.messages.map((content) => render(content, view));
  const problem = contents.map((content, index) => problemIn(content) ?? blankIn(content, message.messages[index])).find(Boolean);
  if (problem !== undefined) return { problem };
  return {
    // The schema of messages admits only what the SDK's types describe; Flex components are looser here than there.
    messages: contents as unknown as messagingApi.Message[],
    ...(message.silent ? { notificationDisabled: true } : {}),
    ...(message.unit === undefined ? {} : { customAggregationUnits: [message.unit] }),
  };
}

/** What became too long with the customer's values in it. */
function problemIn(content: Content): string | undefined {
  if (content.type === 'text' && content.text.length > longest.text) return `the text has ${content.text.length} characters`;
  if (content.type !== 'flex') return undefined;
  if (content.altText.length > longest.altText) return `the altText has ${content.altText.length} characters`;
  return flexProblem(content.contents);
}

/** LINE refuses empty texts: what a template leaves blank for this customer is named, so that it gets a fallback. */
function blankIn(rendered: unknown, template: unknown): string | undefined {
  if (typeof rendered === 'string' && typeof template === 'string')
    return rendered.trim() === '' && template.trim() !== '' ? `${template} is empty for this customer: give it a fallback` : undefined;
  if (typeof rendered !== 'object' || rendered === null || typeof template !== 'object' || template === null) return undefined;
  const templates = new Map<string, unknown>(Object.entries(template));
  for (const [name, value] of Object.entries(rendered)) {
    const problem = blankIn(value, templates.get(name));
    if (problem !== undefined) return problem;
  }
  return undefined;
}
