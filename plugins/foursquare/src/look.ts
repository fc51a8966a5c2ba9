export const texts = {
  en: { name: 'Foursquare', summary: 'Check-ins of connected accounts, visits noticed by phones, interests from kinds of places.' },
  ja: { name: 'Foursquare', summary: '連携したアカウントのチェックイン、スマートフォンによる来訪検知、場所の種類から分かる関心。' },
};

/** A pin on the map; Foursquare's own mark may not be drawn by others. */
export const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#f94877" stroke-width="2" stroke-linejoin="round"><path d="M12 21s7-6.5 7-12a7 7 0 0 0-14 0c0 5.500 7 12 7 12z"/><circle cx="12" cy="9" r="2.500"/></svg>';
