import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Mail, MailSink } from './sink.ts';

const safe = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

const row = ({ at, to, subject, text, unsubscribe }: Mail): string => `<article>
  <h2>${safe(subject)}</h2>
  <p>${at.toISOString()} → ${safe(to.join(', '))}</p>
  <pre>${safe(text)}</pre>
  ${unsubscribe === undefined ? '' : `<p><a href="${safe(unsubscribe)}">Unsubscribe / 配信停止</a></p>`}
</article>`;

const page = (mails: readonly Mail[]): string => `<!doctype html>
<html lang="ja"><meta charset="utf-8"><meta http-equiv="refresh" content="5"><title>Demo mail</title>
<style>body{font:15px/1.6 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}article{border-top:1px solid #ccc}pre{white-space:pre-wrap}</style>
<h1>Mail of the demo / デモのメール</h1>
${mails.length === 0 ? '<p>Nothing yet. / まだありません。</p>' : mails.map(row).join('\n')}</html>`;

export interface MailPage {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Shows what the sink got, newest first. */
export async function startMailPage(sink: MailSink, port = 0): Promise<MailPage> {
  const server = createServer((_request, response) => {
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    });
    response.end(page(sink.mails));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
