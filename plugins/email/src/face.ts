/** What the plugin is called and is for, by language. */
export const texts = {
  en: {
    name: 'E-mail',
    summary: 'Sends e-mail by SMTP with one-click unsubscribe, and stops writing to addresses that bounce or complain.',
  },
  ja: {
    name: 'メール',
    summary: 'SMTPでメールを送ります。ワンクリックの配信停止に対応し、届かないアドレスや苦情のあったアドレスへの送信を止めます。',
  },
};

export const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#2f5fb3" stroke-width="1.8" stroke-linejoin="round"><rect x="2.5" y="5" width="19" height="14" rx="2"/><path d="m3 6.5 9 7 9-7"/></svg>`;
