import { createHash } from 'node:crypto';
import type { ConsentDecision, Desk, Draft, TraitValue } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { leadSubmitted } from './events/lead.ts';
import { Refused } from './graph/fault.ts';
import { graphFor } from './graph/graph.ts';
import { graphId } from './graph/page.ts';
import type { Settings } from './settings.ts';
import { firstName, lastName } from './traits.ts';

const flag = z.union([z.boolean(), z.string().transform((text) => /^(?:1|true)$/i.test(text)), z.number().transform(Boolean)]);

export const leadFields = 'id,created_time,field_data,ad_id,form_id,campaign_id,is_organic,platform,custom_disclaimer_responses';

export const lead = z.looseObject({
  id: graphId,
  created_time: z.string(),
  field_data: z.array(z.looseObject({ name: z.string(), values: z.array(z.coerce.string()).default([]) })).default([]),
  ad_id: graphId.optional(),
  form_id: graphId.optional(),
  campaign_id: graphId.optional(),
  is_organic: z.boolean().optional(),
  platform: z.string().optional(),
  custom_disclaimer_responses: z.array(z.looseObject({ checkbox_key: z.string(), is_checked: flag.default(false) })).default([]),
});

type Lead = z.output<typeof lead>;

export interface LeadWork {
  readonly settings: Settings;
  readonly desk: Desk;
  readonly page: { readonly id: string; readonly token: string };
}

/** The event of a sent form: who it was, what they answered, and what the boxes they ticked or left permit. */
export async function toLead(found: Lead, work: LeadWork): Promise<Draft> {
  const { id, ad_id, form_id, campaign_id, is_organic, platform } = found;
  const answers = Object.fromEntries(found.field_data.map(({ name, values }) => [name, values.join(', ')]));
  const first = (...names: string[]): string | undefined => names.map((name) => answers[name]).find((answer) => answer);
  return leadSubmitted({
    id: `lead:${id}`,
    at: new Date(found.created_time),
    identifiers: {
      'facebook.lead': id,
      email: first('email', 'work_email'),
      phone: first('phone_number', 'phone', 'work_phone_number'),
    },
    properties: {
      leadgen_id: id,
      page_id: work.page.id,
      form_id,
      ad_id,
      campaign_id,
      answers,
      ticked: found.custom_disclaimer_responses.filter(({ is_checked }) => is_checked).map(({ checkbox_key }) => checkbox_key),
      is_organic,
      platform,
    },
    traits: traitsIn(first),
    consents: await consentsOf(found, work),
  });
}

function traitsIn(first: (...names: string[]) => string | undefined): TraitValue[] {
  const [given, family] = [first('first_name'), first('last_name')];
  return [...(given === undefined ? [] : [firstName(given)]), ...(family === undefined ? [] : [lastName(family)])];
}

async function consentsOf({ id, form_id, custom_disclaimer_responses }: Lead, work: LeadWork): Promise<ConsentDecision[]> {
  const answered = custom_disclaimer_responses.filter(({ checkbox_key }) => Object.hasOwn(work.settings.leadConsents, checkbox_key));
  if (answered.length === 0) return [];
  const disclaimer = form_id === undefined ? undefined : await disclaimerOf(form_id, work);
  return answered.flatMap(({ checkbox_key, is_checked }) =>
    (work.settings.leadConsents[checkbox_key] ?? []).map(({ purpose, channel }) => ({
      purpose,
      channel,
      state: is_checked ? ('GIVEN' as const) : ('REFUSED' as const),
      evidence: { by: 'Facebook lead form', leadgen_id: id, form_id, checkbox: checkbox_key, is_checked, ...disclaimer },
    })),
  );
}

const form = z.looseObject({ name: z.string().optional(), legal_content: z.unknown() });

interface Disclaimer {
  readonly form: string | undefined;
  /** SHA-256 of the form's legal texts. */
  readonly wordingHash: string;
  /** The texts themselves, where they are not longer than an ordinary form's. */
  readonly wording?: unknown;
}

const day = 24 * 60 * 60;
const longestWording = 8000;

/** What the form said above its boxes. A form that cannot be read takes nothing from the decision: the lead carries it. */
async function disclaimerOf(formId: string, { settings, desk, page }: LeadWork): Promise<Disclaimer | undefined> {
  const key = `form:${formId}`;
  const kept = await desk.state.get<Disclaimer>(key);
  if (kept !== undefined) return kept;
  try {
    const found = await graphFor(settings, desk).get(formId, form, { fields: 'id,name,legal_content', access_token: page.token });
    const text = JSON.stringify(found.legal_content ?? null);
    const wordingHash = createHash('sha256').update(text).digest('hex');
    const disclaimer: Disclaimer = {
      form: found.name,
      wordingHash,
      ...(text.length <= longestWording && { wording: found.legal_content }),
    };
    await desk.state.set(key, disclaimer, { forSeconds: day });
    return disclaimer;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    desk.log.warn('The wording of a lead form cannot be read.', { form_id: formId, reason: error.message });
    return undefined;
  }
}
