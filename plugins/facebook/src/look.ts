export const texts = {
  en: {
    name: 'Facebook',
    summary: 'Accounts connected with permission, likes, page engagement, lead ads, Messenger opt-ins, deletion requests.',
  },
  ja: {
    name: 'Facebook',
    summary: '許諾を得たアカウント連携、いいね、ページへの反応、リード広告、Messengerの受信同意、削除リクエスト。',
  },
};

/** Two people and the tie between them; Facebook's own mark may not be drawn by others. */
export const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#1877f2" stroke-width="2" stroke-linecap="round"><circle cx="7" cy="8" r="3"/><circle cx="17" cy="8" r="3"/><path d="M2 19c0-3 2-5 5-5s5 2 5 5M12 19c0-3 2-5 5-5s5 2 5 5M10 8h4"/></svg>';
