export const texts = {
  en: { name: 'Stores', summary: 'Receipts, returns, points and members of Square, Smaregi or any till.' },
  ja: { name: '店舗POS', summary: 'Square・スマレジ・各社POSのレシート、返品、ポイント、会員を取り込みます。' },
};

/** A receipt as it comes out of the till. */
export const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#2f6f4f" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"><path d="M5 3v18l2.5-2 2.5 2 2-2 2 2 2.5-2 2.5 2V3zM9 8h6M9 12h6"/></svg>';
