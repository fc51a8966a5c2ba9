import { startMailServer } from '@enishi/testkit';
import { createTransport } from 'nodemailer';
import { expect, it } from 'vitest';

const mail = { from: 'shop@shop.example', to: 'hanako@shop.example', subject: 'ようこそ', text: 'はじめまして' };

it('receives what a real client sends, decoded and as it came', async () => {
  await using server = await startMailServer();
  const transport = createTransport({ url: server.url });
  const [received] = await Promise.all([
    server.next(),
    transport.sendMail({ ...mail, headers: { 'List-Unsubscribe': '<https://x.example>' } }),
  ]);
  transport.close();
  expect(received).toMatchObject({ from: mail.from, to: [mail.to], message: { subject: mail.subject, text: mail.text } });
  expect(received.raw).toContain('List-Unsubscribe: <https://x.example>');
  expect(server.mails).toHaveLength(1);
});

it('refuses a recipient with the reply code it was told', async () => {
  await using server = await startMailServer();
  server.refuse((recipient) => (recipient === mail.to ? { code: 550, message: 'no such person' } : undefined));
  const transport = createTransport({ url: server.url });
  await expect(transport.sendMail(mail)).rejects.toMatchObject({ responseCode: 550 });
  transport.close();
  expect(server.mails).toEqual([]);
});
