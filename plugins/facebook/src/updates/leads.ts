import type { Desk, Draft } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { leadUnread } from '../events/lead.ts';
import { Refused } from '../graph/fault.ts';
import { graphFor } from '../graph/graph.ts';
import { graphId } from '../graph/page.ts';
import { inTurns } from '../in-turns.ts';
import { lead, leadFields, toLead } from '../lead.ts';
import type { Settings } from '../settings.ts';
import { type Entry, instant, unreadable } from './envelope.ts';

const leadgen = z.looseObject({
  leadgen_id: graphId,
  page_id: graphId.optional(),
  form_id: graphId.optional(),
  ad_id: graphId.optional(),
  created_time: z.number().optional(),
});

type Leadgen = z.output<typeof leadgen>;

/**
 * The leads a notification names, fetched. One that Facebook refuses is kept as `facebook.lead_unread` with the reason, so that
 * its neighbours go on; where Facebook asks for patience the whole notification waits.
 */
export async function leadsIn(entry: Entry, work: { settings: Settings; desk: Desk }): Promise<Draft[]> {
  const named = entry.changes.filter(({ field }) => field === 'leadgen');
  return inTurns(named, atOnce, async ({ value }) => {
    const { data, error } = leadgen.safeParse(value);
    return data === undefined ? unreadable('lead', value, { entry, error }) : fetched(data, entry, work);
  });
}

/** A notification may name a thousand leads: one after the other they would not be fetched within the time of one call. */
const atOnce = 10;

async function fetched(named: Leadgen, entry: Entry, { settings, desk }: { settings: Settings; desk: Desk }): Promise<Draft> {
  const { leadgen_id, page_id = entry.id, form_id, ad_id, created_time } = named;
  try {
    const token = pageToken(settings, page_id);
    const found = await graphFor(settings, desk).get(leadgen_id, lead, { fields: leadFields, access_token: token });
    return await toLead({ ...found, form_id: found.form_id ?? form_id }, { settings, desk, page: { id: page_id, token } });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    desk.log.warn('A lead cannot be read.', { leadgen_id, page_id, reason: error.message });
    return leadUnread({
      id: `lead-unread:${leadgen_id}`,
      at: instant(created_time ?? entry.time ?? 0),
      identifiers: { 'facebook.lead': leadgen_id },
      properties: { leadgen_id, page_id, form_id, ad_id, reason: error.message },
    });
  }
}

/** Throws `Refused` for a page that is not in the settings: as good as a token Facebook does not take. */
export function pageToken({ pages }: Pick<Settings, 'pages'>, pageId: string): string {
  const page = pages.find(({ id }) => id === pageId);
  if (page === undefined) throw new Refused(`there is no access token for the page ${pageId}: add it to the setting "pages"`);
  return page.accessToken;
}
