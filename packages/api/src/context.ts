import type { Caller, Reader, Registry, Selection, Workspace } from '@enishi/core';
import type { EventType } from '@enishi/plugin-sdk';
import type { Context } from '@enishi/plugin-sdk/graphql';
import type { Services } from './services.ts';

/** What every resolver is given: who asks, and what may be asked. */
export interface GraphContext extends Context {
  readonly caller: Caller;
  readonly workspace: Workspace;
  readonly services: Services;
  readonly registry: Registry;
  readonly reader: Reader;
}

interface StoredEvent<TProperties> {
  readonly id: string;
  readonly at: Date;
  readonly properties: TProperties;
}

const mostEvents = 100;

/** A context for one operation of one caller. */
export function contextFor(caller: Caller, services: Services): GraphContext {
  const { workspace } = caller;
  const { reader, registry } = services;
  return {
    caller,
    workspace,
    services,
    registry,
    reader,
    events: async <TProperties>(customerId: string, type: EventType<TProperties>, limit = 20) => {
      const tree = await reader.customer(workspace.id, customerId, eventsOf(type.eventName, Math.min(Math.max(limit, 1), mostEvents)));
      const nodes = (tree?.events as { nodes: { id: string; occurredAt: string; properties: TProperties }[] } | undefined)?.nodes ?? [];
      return nodes.map(({ id, occurredAt, properties }): StoredEvent<TProperties> => ({ id, at: new Date(occurredAt), properties }));
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
