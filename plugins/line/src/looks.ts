export const texts = {
  en: {
    name: 'LINE',
    summary: 'What friends of your Official Account do, who they are, and messages and audiences to them.',
  },
  ja: {
    name: 'LINE',
    summary: '公式アカウントの友だちの行動を取り込み、会員IDと連携し、メッセージとオーディエンスを届けます。',
  },
};

/** A speech balloon, not LINE's trademark. */
export const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="#06c755" d="M12 3c5.5 0 10 3.6 10 8 0 4.9-6.5 8.4-10 10 .6-1.3.4-2-.6-2.1C6.2 18.4 2 15.1 2 11c0-4.4 4.5-8 10-8z"/><path stroke="#fff" stroke-width="2" stroke-linecap="round" d="M8 11h8"/></svg>';
