import type { Delivery } from '@enishi/plugin-sdk';
import { type Message, readSender } from './message.ts';
import { renderHtml, renderSubject, renderText, type View, viewOf } from './template.ts';
import type { Mail } from './transport.ts';

export interface ComposeSettings {
  readonly from: string;
  /** Who sends, with postal address: printed under every mail. */
  readonly footer?: string | undefined;
  /** A mailbox that takes unsubscribe requests, besides the link. */
  readonly unsubscribeMailbox?: string | undefined;
}

export interface Recipient {
  readonly email: string;
  readonly unsubscribeUrl: string;
}

/** The mail of one delivery: a text part always, an HTML part if the message has one, and a way out in the headers and the body. */
export function compose(delivery: Delivery<Message>, { email, unsubscribeUrl }: Recipient, settings: ComposeSettings): Mail {
  const { message, recipient, id } = delivery;
  const from = readSender(message.from ?? settings.from) ?? { name: '', address: settings.from };
  const view = viewOf(recipient.traits, message.fallbacks, { email, unsubscribeUrl });
  const { unsubscribeMailbox } = settings;
  return {
    from,
    // As an object: an address is never parsed again, so no odd one can become two recipients.
    to: { name: '', address: email },
    envelope: { from: from.address, to: [email] },
    subject: renderSubject(message.subject, view),
    text: renderText(message.text, view) + textFooter(message.text, unsubscribeUrl, settings.footer),
    ...(message.html === undefined ? {} : { html: htmlOf(message.html, view, settings.footer) }),
    messageId: `<${id}@${from.address.split('@')[1]}>`,
    // Nested on purpose: a flat list makes one header per entry, and RFC 8058 wants a single one with the https address first.
    list: { unsubscribe: [[{ url: unsubscribeUrl }, ...(unsubscribeMailbox === undefined ? [] : [`mailto:${unsubscribeMailbox}`])]] },
    headers: { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

const wayOut = '配信停止 / Unsubscribe';
const offersWayOut = (template: string): boolean => template.includes('unsubscribeUrl');

function textFooter(template: string, unsubscribeUrl: string, footer: string | undefined): string {
  const lines = [footer ?? '', offersWayOut(template) ? '' : `${wayOut}:\n${unsubscribeUrl}`].filter((line) => line !== '');
  return lines.length === 0 ? '' : `\n\n--\n${lines.join('\n')}\n`;
}

function htmlOf(template: string, view: View, footer: string | undefined): string {
  const page = renderHtml(template, view);
  const lines = [
    footer === undefined ? '' : renderHtml('{{footer}}', { footer }).replaceAll('\n', '<br>'),
    offersWayOut(template) ? '' : renderHtml(`<a href="{{unsubscribeUrl}}">${wayOut}</a>`, view),
  ].filter((line) => line !== '');
  if (lines.length === 0) return page;
  const block = `<p style="color:#666;font-size:12px">${lines.join('<br>')}</p>`;
  const end = page.toLowerCase().lastIndexOf('</body>');
  return end < 0 ? `${page}\n${block}` : page.slice(0, end) + block + page.slice(end);
}
