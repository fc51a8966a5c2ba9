import { ArgsType, createUnionType, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { problemType } from '../problems.ts';
import { DateTime, Json } from '../scalars.ts';
import { BackfillNotFound, InvalidOptions, UnknownSource } from './problems.ts';

export const BackfillStatus = { READING: 'READING', DONE: 'DONE', GIVEN_UP: 'GIVEN_UP', CANCELLED: 'CANCELLED' } as const;
export type BackfillStatus = (typeof BackfillStatus)[keyof typeof BackfillStatus];
registerEnumType(BackfillStatus, {
  name: 'BackfillStatus',
  description: 'How far a backfill is.',
  valuesConfig: {
    READING: { description: 'Pages are being read, or it waits for its turn.' },
    DONE: { description: 'Everything has been read.' },
    GIVEN_UP: { description: 'It failed too often or the source gave up; the reason says why. It can be resumed.' },
    CANCELLED: { description: 'Somebody stopped it. It can be resumed.' },
  },
});

@ObjectType({
  description: 'History of a partner being fetched page by page. What it stored counts like any other event.',
  simpleResolvers: true,
})
export class Backfill {
  @Field(() => ID, { description: 'Id of this backfill.' })
  declare id: string;
  @Field(() => String, { description: 'Key of the source, such as `foursquare.history`.' })
  declare source: string;
  @Field(() => Json, { description: 'What it was told.' })
  declare options: unknown;
  @Field(() => BackfillStatus, { description: 'How far it is.' })
  declare status: BackfillStatus;
  @Field(() => Int, { description: 'Pages read.' })
  declare pages: number;
  @Field(() => Int, { description: 'Events in these pages.' })
  declare read: number;
  @Field(() => Int, { description: 'Events stored.' })
  declare accepted: number;
  @Field(() => Int, { description: 'Events that were stored before.' })
  declare duplicate: number;
  @Field(() => Int, { description: 'Events kept aside with their reasons.' })
  declare quarantined: number;
  @Field(() => Int, { description: 'Events that could not be kept at all.' })
  declare rejected: number;
  @Field(() => String, { nullable: true, description: 'Why the last page could not be read; null while all is well.' })
  declare reason: string | null;
  @Field(() => DateTime, { description: 'When it was started.' })
  declare createdAt: Date;
  @Field(() => DateTime, { description: 'When it last moved.' })
  declare updatedAt: Date;
}

@ArgsType()
export class BackfillArgs {
  @Field(() => String, { nullable: true, description: 'Only those of this source, by key.' })
  declare source?: string | null;
  @Field(() => Int, { nullable: true, description: 'How many, the newest first. Default and most: 100.' })
  declare first?: number | null;
}

export const StartBackfillResult = createUnionType({
  name: 'StartBackfillResult',
  description: 'The backfill, or why it was not started.',
  types: () => [Backfill, UnknownSource, InvalidOptions] as const,
  resolveType: problemType('Backfill'),
});

export const BackfillResult = createUnionType({
  name: 'BackfillResult',
  description: 'The backfill as it is now, or why nothing was done.',
  types: () => [Backfill, BackfillNotFound] as const,
  resolveType: problemType('Backfill'),
});
