export const config = { apiKey: 'api-key-0001' };

export const message = { title: 'Thank you', text: 'Your second order is on its way.' };
