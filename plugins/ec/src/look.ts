export const texts = {
  en: { name: 'Web shop', summary: 'Orders, carts, customers and products of Shopify, EC-CUBE 4, WooCommerce or a shop of your own.' },
  ja: { name: 'ECサイト', summary: 'Shopify・EC-CUBE 4・WooCommerce・自社ECの注文、カート、会員、商品を取り込みます。' },
};

/** A shopping cart. */
export const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#8a4b08" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"><path d="M2 4h3l3 11h10l3-8H6.5"/><circle cx="9" cy="19" r="1.5"/><circle cx="17" cy="19" r="1.5"/></svg>';
