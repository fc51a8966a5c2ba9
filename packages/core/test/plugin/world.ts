import { Desks, PluginWorker, type PluginWorkerOptions, type Workspace } from '@enishi/core';
import { definePlugin, event, type Source } from '@enishi/plugin-sdk';
import { createTestDomain } from '@enishi/testkit';
import { z } from 'zod';

export const visited = event('place.visited', z.object({ at: z.string() }), { description: 'A visit.' });

export const visit = (id: string, at = 'ginza') =>
  visited({ id, at: new Date('2026-05-31T12:00:00Z'), identifiers: { member: `M-${id}` }, properties: { at } });

/** A plugin with these sources; nothing else is of interest here. */
export const place = (sources: Readonly<Record<string, Source>>) =>
  definePlugin({ name: 'place', description: 'Places.', config: z.object({}), events: [visited], setup: () => ({ sources }) })({});

export interface StoredVisit {
  readonly source: string;
  readonly at: string;
}

const visits = `select s.key as source, e.properties ->> 'at' as at from event e
  join source s on s.workspace_id = e.workspace_id and s.id = e.source_id where e.workspace_id = $1 order by 2`;

/** The domain with a worker for these sources, driven by `settle` and a clock of its own. */
export async function createWorld(sources: Readonly<Record<string, Source>>, options: Partial<PluginWorkerOptions> = {}) {
  let time = Date.parse('2026-06-01T00:00:00Z');
  const now = () => new Date(time);
  const plugin = place(sources);
  const domain = await createTestDomain({ plugins: [plugin], now });
  const { database, registry, line } = domain;
  const desks = new Desks({ database, registry, now });
  const byKey = new Map(Object.entries(sources).map(([name, source]) => [`place.${name}`, source]));
  const outcomes: string[] = [];
  const worker = (more: Partial<PluginWorkerOptions> = {}): PluginWorker =>
    new PluginWorker({
      database,
      line,
      desks,
      sources: byKey,
      now,
      random: () => 1,
      bodyOf: async ({ body }) => JSON.parse(Buffer.from(body).toString()) as unknown,
      onWork: (source, outcome, reason) => void outcomes.push([source, outcome, reason].filter(Boolean).join(' ')),
      onError: (error) => void outcomes.push(`error ${String(error)}`),
      ...options,
      ...more,
    });
  return {
    ...domain,
    desks,
    sources: byKey,
    worker,
    settle: () => worker().settle(),
    outcomes,
    now,
    pass: (seconds: number) => {
      time += seconds * 1000;
    },
    visits: (workspace: Workspace = domain.workspace) => database.query<StoredVisit>(workspace.id, visits, [workspace.id]),
    [Symbol.asyncDispose]: async () => {
      await desks.close();
      await domain[Symbol.asyncDispose]();
    },
  };
}
