export const config = { signingSecret: 'signing-secret-1', apiKey: 'api-key-0001' };

export const message = { title: 'Thank you', text: 'Your second order is on its way.' };

export const order = {
  id: 'o-1',
  placedAt: '2026-01-05T18:30:00+09:00',
  account: 'a-1',
  email: 'hanako@shop.example',
  tier: 'plus',
  total: 1200,
  currency: 'JPY',
};
