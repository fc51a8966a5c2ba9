import { saveProgram, type Tree } from '@enishi/core';
import { Arg, Authorized, Mutation, Query, Resolver } from 'type-graphql';
import { listComplexity } from '../complexity.ts';
import { answering, InvalidMessage, InvalidProgram, ProgramKeyTaken, SegmentNotFound, UnknownDestination } from '../problems.ts';
import { Asked, type Question } from '../question.ts';
import { Program, ProgramInput, SaveProgramResult } from './program.type.ts';

@Resolver()
export class ProgramResolver {
  @Authorized('programs:read')
  @Query(() => [Program], { complexity: listComplexity, description: 'All programs, by key. Scope programs:read.' })
  programs(@Asked() { reader, workspace, selection }: Question): Promise<Tree[]> {
    return reader.programs(workspace.id, selection());
  }

  @Authorized('programs:read')
  @Query(() => Program, { nullable: true, description: 'A program by key; null if there is none. Scope programs:read.' })
  program(
    @Arg('key', () => String, { description: 'Key of the program.' }) key: string,
    @Asked() { reader, workspace, selection }: Question,
  ): Promise<Tree | undefined> {
    return reader.program(workspace.id, key, selection());
  }

  @Authorized('programs:write')
  @Mutation(() => SaveProgramResult, {
    description:
      'Makes a program, or changes the one with this key. Deliveries already planned keep the message they were planned with. Scope programs:write.',
  })
  saveProgram(
    @Arg('input', () => ProgramInput, { description: 'The program.' }) { active, ...input }: ProgramInput,
    @Asked() { database, destinations, reader, workspace, selection }: Question,
  ): Promise<Tree | undefined> {
    return answering([InvalidProgram, InvalidMessage, SegmentNotFound, UnknownDestination, ProgramKeyTaken], async () => {
      const { key } = await saveProgram({ database, destinations }, workspace, { ...input, active: active ?? true });
      return reader.program(workspace.id, key, selection('Program'));
    });
  }
}
