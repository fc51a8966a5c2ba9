import { namespace } from '@enishi/plugin-sdk';

export const foursquareUser = namespace('foursquare.user', {
  description: 'Account at Foursquare or Swarm.',
  priority: 30,
  limit: 1,
  normalise: (raw) => {
    const id = raw.normalize('NFKC').trim();
    return /^\d{1,32}$/.test(id) ? id : undefined;
  },
});
