import { all, did, not, segment } from '@enishi/plugin-sdk';
import { deletionRequested } from './events/account.ts';
import { leadSubmitted } from './events/lead.ts';

/** Nobody who asked to be forgotten may be overlooked: whoever works on it finds them here. */
export const deletionWanted = segment('facebook-deletion-requested', 'Asked Facebook to delete their data', did(deletionRequested));

export const freshLeads = segment(
  'facebook-fresh-leads',
  'Sent a lead form in the last 7 days',
  all(did(leadSubmitted, { within: 'P7D' }), not(did(deletionRequested))),
);
