import { type Draft, type PollSource, pollChanges } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { askShop } from './ask.ts';
import { draftsOf } from './entity.ts';
import { changed } from './queries.ts';
import type { EccubeSettings } from './settings.ts';

/** Two events come of each thing, and a page of the house holds 500. */
const perPage = 50;

const page = z.looseObject({
  nodes: z.array(z.record(z.string(), z.unknown())),
  pageInfo: z.looseObject({ hasNextPage: z.boolean() }),
});

/** The shop sends a webhook once and never again: what it did not bring is read here. */
export const eccubeCatchUp = (settings: EccubeSettings): PollSource =>
  pollChanges({
    description: 'Orders, customers and products of EC-CUBE 4 that changed, by its Web API.',
    everySeconds: 300,
    sameAs: 'eccube',
    parts: ['order', 'customer', 'product'],
    read: async ({ part, from, to, page: number }, desk) => {
      const variables = { page: number, limit: perPage, from: atom(from), to: atom(to) };
      const { nodes, pageInfo } = page.parse((await askShop(desk, settings, { query: changed(part), variables }))[`${part}s`]);
      const drafts: Draft[] = [];
      for (const payload of nodes) drafts.push(...(await draftsOf(part, payload, { settings, desk })));
      return { drafts, more: pageInfo.hasNextPage };
    },
  });

/** `2026-11-21T09:05:00+00:00`, the only spelling the API takes: a time without its zone or with milliseconds is an error to it. */
const atom = (instant: Date): string => `${instant.toISOString().slice(0, 19)}+00:00`;
