import { Field, ID, ObjectType } from 'type-graphql';
import { Problem, Violation } from '../problems.ts';

@ObjectType({ implements: Problem, description: 'No source of this key is configured, or it is of another kind.', simpleResolvers: true })
export class UnknownSource extends Problem {
  @Field(() => String, { description: 'The key that was asked for.' })
  declare key: string;
}

@ObjectType({ implements: Problem, description: 'The source does not take these options.', simpleResolvers: true })
export class InvalidOptions extends Problem {
  @Field(() => [Violation], { description: 'Each thing wrong with them.' })
  declare violations: Violation[];
}

@ObjectType({ implements: Problem, description: 'There is no backfill of this id.', simpleResolvers: true })
export class BackfillNotFound extends Problem {
  @Field(() => ID, { description: 'The id that was asked for.' })
  declare id: string;
}
