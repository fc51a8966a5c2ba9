import { type Context, Customer } from '@enishi/plugin-sdk/graphql';
import { Arg, Authorized, Ctx, Field, FieldResolver, Int, ObjectType, Resolver, Root } from 'type-graphql';
import { accountLinked, disconnected } from '../events/account.ts';
import { checkedIn } from '../events/checkin.ts';
import { placeEntered, placeVisited } from '../events/movement.ts';
import type { Venue } from '../venue.ts';

@ObjectType({ description: 'Somebody was at a place.' })
export class FoursquareVisit {
  @Field(() => String, { nullable: true, description: 'Id of the place.' })
  declare venueId: string | undefined;
  @Field(() => String, { nullable: true, description: 'Name of the place.' })
  declare venueName: string | undefined;
  @Field(() => [String], { description: 'What kind of place it is, the main kind first.' })
  declare categories: string[];
  @Field(() => String, { nullable: true, description: 'City it lies in.' })
  declare city: string | undefined;
  @Field(() => String, { description: 'When it was, ISO 8601.' })
  declare at: string;
}

interface Cost {
  readonly args: { readonly first?: number };
  readonly childComplexity: number;
}

const usual = 20;
const perItem = ({ args, childComplexity }: Cost): number => 1 + (args.first ?? usual) * Math.max(1, childComplexity);
const atMost = (first: number): number => Math.min(Math.max(first, 1), 100);

@Resolver(() => Customer)
export class FoursquareFields {
  @Authorized('customers:read', 'events:read')
  @FieldResolver(() => [FoursquareVisit], {
    nullable: true,
    complexity: perItem,
    description: 'Check-ins of the customer, newest first; null unless their Foursquare account is connected. Scope events:read.',
  })
  async foursquareCheckins(
    @Root() { id }: Customer,
    @Arg('first', () => Int, { defaultValue: usual, description: 'At most how many, 1 to 100.' }) first: number,
    @Ctx() context: Context,
  ): Promise<FoursquareVisit[] | null> {
    const [[linked], [gone]] = await Promise.all([context.events(id, accountLinked, 1), context.events(id, disconnected, 1)]);
    if (linked === undefined || (gone !== undefined && gone.at >= linked.at)) return null;
    const events = await context.events(id, checkedIn, atMost(first));
    return events.map(({ at, properties }) => toVisit(at, properties.venue));
  }

  @Authorized('customers:read', 'events:read')
  @FieldResolver(() => [FoursquareVisit], {
    complexity: perItem,
    description: 'Places the customer’s phone noticed, newest first. Scope events:read.',
  })
  async foursquareVisits(
    @Root() { id }: Customer,
    @Arg('first', () => Int, { defaultValue: usual, description: 'At most how many, 1 to 100.' }) first: number,
    @Ctx() context: Context,
  ): Promise<FoursquareVisit[]> {
    const most = atMost(first);
    const found = await Promise.all([context.events(id, placeEntered, most), context.events(id, placeVisited, most)]);
    return found
      .flat()
      .toSorted((one, other) => other.at.getTime() - one.at.getTime())
      .slice(0, most)
      .map(({ at, properties }) => toVisit(at, properties.venue));
  }
}

const toVisit = (at: Date, venue: Venue | undefined): FoursquareVisit => ({
  venueId: venue?.id,
  venueName: venue?.name,
  categories: venue?.categories.map(({ id, name = id }) => name) ?? [],
  city: venue?.city,
  at: at.toISOString(),
});
