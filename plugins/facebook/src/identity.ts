import { namespace } from '@enishi/plugin-sdk';

const digits = (raw: string): string | undefined => {
  const id = raw.normalize('NFKC').trim();
  return /^\d{1,32}$/.test(id) ? id : undefined;
};

export const facebookUser = namespace('facebook.user', {
  description: 'Facebook account as this app knows it (app-scoped id).',
  priority: 30,
  limit: 1,
  normalise: digits,
});

/** One per page a person has met, so a company with several pages knows several of one person. */
export const pageUser = namespace('facebook.page_user', {
  description: 'Facebook account as one page knows it (page-scoped id), such as the sender of a Messenger message.',
  priority: 35,
  limit: 20,
  normalise: digits,
});

export const leadId = namespace('facebook.lead', {
  description: 'Id of a submitted lead form; advertising reports name leads by it.',
  priority: 60,
  limit: 100,
  normalise: digits,
});
