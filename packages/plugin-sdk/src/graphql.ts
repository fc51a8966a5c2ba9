// type-graphql's decorators need it at their first use, which may be here: a plugin's resolvers load before the API does.
import 'reflect-metadata';
import { Field, ID, ObjectType } from 'type-graphql';
import type { EventType } from './event.ts';

/** The customer as GraphQL knows it. Plugins add fields with `@Resolver(() => Customer)` and `@FieldResolver`. */
@ObjectType({ description: 'One person: the identities tied together by live links, and everything derived from them.' })
export class Customer {
  @Field(() => ID, { description: 'Stable id. An id that was merged into another keeps answering for the survivor.' })
  declare id: string;
}

/** What a plugin's resolver may reach. */
export interface Context {
  /** The newest events of one kind of a customer, newest first, at most `limit` (default 20, at most 100); batched per request. */
  events<TProperties>(
    customerId: string,
    type: EventType<TProperties>,
    limit?: number,
  ): Promise<readonly { readonly id: string; readonly at: Date; readonly properties: TProperties }[]>;
  /** Who holds an identifier now, to be answered where a field is a `Customer`; batched per request. `undefined` if nobody does. */
  customerBy(namespace: string, value: string): Promise<Customer | undefined>;
  /**
   * What a plugin keeps in its state under these keys, in their order, read by one statement. Only keys that begin with `public/`
   * are shown, and never what is kept as secret.
   */
  kept<TValue>(plugin: string, keys: readonly string[]): Promise<readonly (TValue | undefined)[]>;
}
