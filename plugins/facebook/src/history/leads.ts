import { type BackfillSource, backfill, GiveUp } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { graphFor } from '../graph/graph.ts';
import { nextOf, page as pageOfLeads, readable } from '../graph/page.ts';
import { inTurns } from '../in-turns.ts';
import { lead, leadFields, toLead } from '../lead.ts';
import type { Settings } from '../settings.ts';
import { pageToken } from '../updates/leads.ts';

const options = z.object({
  page: z.string().describe('The page: one of the setting `pages`.'),
  form: z.string().optional().describe('All leads of this form that Facebook still keeps (90 days).'),
  lead: z.string().optional().describe('One lead, such as one that could not be read before.'),
});

/** Leads the webhook missed. They are booked with its own, so those it brought are duplicates. */
export const leadsBackfill = (settings: Settings): BackfillSource =>
  backfill({
    description: 'The leads of a form, or a single lead, as the webhook would have brought them.',
    options,
    cursor: z.record(z.string(), z.string()),
    sameAs: 'updates',
    read: async ({ page, form, lead: one }, next, desk) => {
      const token = pageToken(settings, page);
      const work = { settings, desk, page: { id: page, token } };
      const graph = graphFor(settings, desk);
      if (one !== undefined) {
        const found = await graph.get(one, lead, { fields: leadFields, access_token: token });
        return { drafts: [await toLead(found, work)], cursor: {}, more: false };
      }
      if (form === undefined) throw new GiveUp('Give form or lead.');
      const parameters = { fields: leadFields, limit: '100', ...next, access_token: token };
      const { data, paging } = await graph.get(`${form}/leads`, pageOfLeads, parameters);
      const drafts = await inTurns(readable(data, lead, desk.log), 10, (each) => toLead({ ...each, form_id: each.form_id ?? form }, work));
      const following = nextOf(paging);
      return { drafts, cursor: following ?? {}, more: following !== undefined };
    },
  });
