import { type Caller, normaliseIdentifier, type OpensDesks, publicState, type Selection, type Workspace } from '@enishi/core';
import type { EventType } from '@enishi/plugin-sdk';
import type { Context, Customer } from '@enishi/plugin-sdk/graphql';
import { requireScopes } from './authorize.ts';
import { noPlugins, type PluginServices } from './plugin/services.ts';
import type { Services } from './services.ts';

/** What every resolver is given: who asks, and what may be asked. */
export interface GraphContext extends Context, Services {
  readonly caller: Caller;
  readonly workspace: Workspace;
  readonly plugins: PluginServices;
  readonly desks: OpensDesks;
}

const noDesks: OpensDesks = {
  of: (plugin) => {
    throw new Error(`no desk for "${plugin}" here`);
  },
  redacted: (_plugin, text) => text,
};

interface StoredEvent {
  readonly id: string;
  readonly occurredAt: string;
  readonly properties: unknown;
}

const mostEvents = 100;

/** A context for one operation of one caller. */
export function contextFor(
  caller: Caller,
  { database, registry, line, reader, destinations, desks = noDesks, plugins = noPlugins }: Services,
): GraphContext {
  const { workspace } = caller;
  return {
    caller,
    workspace,
    database,
    registry,
    line,
    reader,
    destinations,
    desks,
    plugins,
    events: async <TProperties>(customerId: string, type: EventType<TProperties>, limit = 20) => {
      requireScopes(caller, ['events:read']);
      const customer = await reader.customer(workspace.id, customerId, eventsOf(type.eventName, Math.min(Math.max(limit, 1), mostEvents)));
      const { nodes } = (customer?.events ?? { nodes: [] }) as { readonly nodes: readonly StoredEvent[] };
      // The line let in only what the type's schema accepts.
      return nodes.map(({ id, occurredAt, properties }) => ({ id, at: new Date(occurredAt), properties: properties as TProperties }));
    },
    customerBy: async (namespace, value) => {
      requireScopes(caller, ['customers:read']);
      const known = normaliseIdentifier(registry, workspace, { namespace, value });
      return known && ((await reader.customer(workspace.id, known.id, [{ field: 'id' }])) as Customer | undefined);
    },
    kept: async <TValue>(plugin: string, keys: readonly string[]) => {
      requireScopes(caller, ['events:read']);
      const values = await publicState(database, { workspaceId: workspace.id, plugin, keys, now: new Date() });
      return values as readonly (TValue | undefined)[];
    },
  };
}

const eventsOf = (type: string, first: number): Selection => [
  {
    field: 'events',
    args: { types: [type], first },
    select: [{ field: 'nodes', select: [{ field: 'id' }, { field: 'occurredAt' }, { field: 'properties' }] }],
  },
];
