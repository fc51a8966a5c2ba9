import type { Message } from './message.ts';
import { htmlOfMjml } from './mjml.ts';
import { renderHtml, renderSubject, renderText, type View, viewOf } from './template.ts';
import { textOf } from './text.ts';

export interface Reader {
  readonly email: string;
  readonly traits: View;
  readonly unsubscribeUrl: string;
}

export interface Written {
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
}

/** A message as one reader gets it: a text always, a page if the message has one, a way out and the sender's footer in both. */
export function write(message: Message, { email, traits, unsubscribeUrl }: Reader, footer: string | undefined): Written {
  const view = viewOf(traits, message.fallbacks, { email, unsubscribeUrl });
  const subject = renderSubject(message.subject, view);
  const template = message.mjml === undefined ? message.html : htmlOfMjml(message.mjml);
  const html = template === undefined ? undefined : pageOf(template, view, footer);
  const text = message.text === undefined ? textOf(html ?? '') : renderText(message.text, view) + textFooter(message.text, view, footer);
  return html === undefined ? { subject, text } : { subject, text, html };
}

const wayOut = '配信停止 / Unsubscribe';
const offersWayOut = (template: string): boolean => template.includes('unsubscribeUrl');

function textFooter(template: string, view: View, footer: string | undefined): string {
  const lines = [footer ?? '', offersWayOut(template) ? '' : renderText(`${wayOut}:\n{{unsubscribeUrl}}`, view)].filter(
    (line) => line !== '',
  );
  return lines.length === 0 ? '' : `\n\n--\n${lines.join('\n')}\n`;
}

function pageOf(template: string, view: View, footer: string | undefined): string {
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
