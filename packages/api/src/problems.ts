import { EnishiError } from '@enishi/core';
import { type ClassType, Field, ID, InterfaceType, ObjectType } from 'type-graphql';

@InterfaceType({ description: 'Why something was not done, where a client may want to act on it.' })
export abstract class Problem {
  @Field(() => String, { description: 'Stable, for programs: see the list of errors in the documentation.' })
  declare code: string;
  @Field(() => String, { description: 'For people.' })
  declare message: string;
}

@ObjectType({ description: 'One thing wrong with an input.', simpleResolvers: true })
export class Violation {
  @Field(() => String, { description: 'Where, such as `properties.total`; empty for the whole.' })
  declare path: string;
  @Field(() => String, { description: 'What.' })
  declare message: string;
}

@ObjectType({ implements: Problem, description: 'The rule is not well-formed.', simpleResolvers: true })
export class InvalidRule extends Problem {
  @Field(() => [Violation], { description: 'Each thing wrong with it.' })
  declare violations: Violation[];
}

@ObjectType({ implements: Problem, description: 'Key or name of the segment cannot be used.', simpleResolvers: true })
export class InvalidSegment extends Problem {
  @Field(() => [Violation], { description: 'Each thing wrong with it.' })
  declare violations: Violation[];
}

@ObjectType({ implements: Problem, description: 'There is no segment of this key.', simpleResolvers: true })
export class SegmentNotFound extends Problem {
  @Field(() => String, { description: 'The key that was asked for.' })
  declare key: string;
}

@ObjectType({ implements: Problem, description: 'Another segment has this key.', simpleResolvers: true })
export class SegmentKeyTaken extends Problem {
  @Field(() => String, { description: 'The key.' })
  declare key: string;
}

@ObjectType({ implements: Problem, description: 'There is no customer of this id.', simpleResolvers: true })
export class CustomerNotFound extends Problem {
  @Field(() => ID, { description: 'The id that was asked for.' })
  declare id: string;
}

@ObjectType({ implements: Problem, description: 'Key, name or trigger of the program cannot be used.', simpleResolvers: true })
export class InvalidProgram extends Problem {
  @Field(() => [Violation], { description: 'Each thing wrong with it.' })
  declare violations: Violation[];
}

@ObjectType({ implements: Problem, description: 'Another program has this key.', simpleResolvers: true })
export class ProgramKeyTaken extends Problem {
  @Field(() => String, { description: 'The key.' })
  declare key: string;
}

@ObjectType({ implements: Problem, description: 'The destination cannot send this message.', simpleResolvers: true })
export class InvalidMessage extends Problem {
  @Field(() => [Violation], { description: 'Each thing wrong with it.' })
  declare violations: Violation[];
}

@ObjectType({ implements: Problem, description: 'No destination of this key is configured.', simpleResolvers: true })
export class UnknownDestination extends Problem {
  @Field(() => String, { description: 'The key that was asked for.' })
  declare key: string;
}

@ObjectType({ implements: Problem, description: 'The value identifies nobody.', simpleResolvers: true })
export class InvalidIdentifier extends Problem {
  @Field(() => String, { description: 'The kind of identifier.' })
  declare namespace: string;
}

@ObjectType({ implements: Problem, description: 'There is no link of this id.', simpleResolvers: true })
export class LinkNotFound extends Problem {
  @Field(() => ID, { description: 'The id that was asked for.' })
  declare id: string;
}

@ObjectType({ implements: Problem, description: 'There is no program of this key.', simpleResolvers: true })
export class ProgramNotFound extends Problem {
  @Field(() => String, { description: 'The key that was asked for.' })
  declare key: string;
}

@ObjectType({ implements: Problem, description: 'There is no delivery of this id.', simpleResolvers: true })
export class DeliveryNotFound extends Problem {
  @Field(() => ID, { description: 'The id that was asked for.' })
  declare id: string;
}

@ObjectType({ implements: Problem, description: 'Deliveries cannot follow these caps or quiet hours.', simpleResolvers: true })
export class InvalidDeliveryPolicy extends Problem {
  @Field(() => [Violation], { description: 'Each thing wrong with it.' })
  declare violations: Violation[];
}

@ObjectType({ implements: Problem, description: 'The destination could not show what it would send.' })
export class PreviewFailed extends Problem {}

@ObjectType({ implements: Problem, description: "The partner's audience was not made anew." })
export class AudienceNotReplaced extends Problem {}

const name = Symbol('problem');

/** Does the work; one of the named errors becomes an answer, any other is thrown on. */
export async function answering<TAnswer>(problems: readonly ClassType<Problem>[], work: () => Promise<TAnswer>): Promise<TAnswer> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof EnishiError) || !problems.some((problem) => problem.name === error.name)) throw error;
    // An Error that is returned would be thrown by the executor, so its facts go into a plain object.
    return { ...error.details, code: error.code, message: error.message, [name]: error.name } as TAnswer;
  }
}

/** Which member of a union an answer is. */
export const problemType =
  (success: string) =>
  (answer: object): string =>
    (answer as { [name]?: string })[name] ?? success;
