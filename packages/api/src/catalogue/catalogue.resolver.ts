import { Authorized, Ctx, Query, Resolver } from 'type-graphql';
import { z } from 'zod';
import type { GraphContext } from '../context.ts';
import { EventTypeInfo, NamespaceInfo, TraitTypeInfo } from './catalogue.type.ts';

const described = new WeakMap<z.ZodType, unknown>();

/** The schema as clients send it. What JSON Schema cannot say is left open rather than refused. */
function jsonSchema(schema: z.ZodType): unknown {
  const known = described.get(schema) ?? z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  described.set(schema, known);
  return known;
}

@Resolver()
export class CatalogueResolver {
  @Authorized('events:read')
  @Query(() => [EventTypeInfo], { description: 'The kinds of event the configured plugins declare, by name. Scope events:read.' })
  eventTypes(@Ctx() { registry }: GraphContext): EventTypeInfo[] {
    const types = [...registry.eventTypes.values()].map(({ eventName, description, trackedAs, schema }) => ({
      name: eventName,
      description,
      trackedAs,
      schema: jsonSchema(schema),
    }));
    return types.sort(byName);
  }

  @Authorized('customers:read')
  @Query(() => [TraitTypeInfo], { description: 'The traits the configured plugins declare, by name. Scope customers:read.' })
  traitTypes(@Ctx() { registry }: GraphContext): TraitTypeInfo[] {
    const reported = [...registry.traits.values()].map(({ traitName, description, survivorship, schema }) => ({
      name: traitName,
      description,
      survivorship,
      computedFrom: null,
      schema: jsonSchema(schema),
    }));
    const computed = [...registry.computedTraits.values()].map(({ traitName, description, computation, schema }) => ({
      name: traitName,
      description,
      survivorship: null,
      computedFrom: computation.event,
      schema: jsonSchema(schema),
    }));
    return [...reported, ...computed].sort(byName);
  }

  @Authorized('customers:read')
  @Query(() => [NamespaceInfo], { description: 'The kinds of identifier that are understood, most specific first. Scope customers:read.' })
  namespaces(@Ctx() { registry }: GraphContext): NamespaceInfo[] {
    return [...registry.namespaces.values()].sort((a, b) => a.priority - b.priority || byName(a, b));
  }
}

const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);
