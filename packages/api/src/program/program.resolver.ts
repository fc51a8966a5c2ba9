import { type DeliveryPreview, previewDelivery, saveProgram, setProgramActive, syncAudience, type Tree } from '@enishi/core';
import { Arg, Authorized, ID, Mutation, Query, Resolver } from 'type-graphql';
import { listComplexity } from '../complexity.ts';
import { PreviewDeliveryResult } from '../delivery/explain.type.ts';
import { requireCustomerId } from '../ids.ts';
import {
  AudienceNotReplaced,
  answering,
  CustomerNotFound,
  InvalidMessage,
  InvalidProgram,
  PreviewFailed,
  ProgramKeyTaken,
  ProgramNotFound,
  SegmentNotFound,
  UnknownDestination,
} from '../problems.ts';
import { Asked, type Question } from '../question.ts';
import { type AudienceSync, Program, ProgramInput, SaveProgramResult, SetProgramActiveResult, SyncAudienceResult } from './program.type.ts';

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
    @Arg('input', () => ProgramInput, { description: 'The program.' }) { active, holdout, ...input }: ProgramInput,
    @Asked() { database, destinations, reader, workspace, selection }: Question,
  ): Promise<Tree | undefined> {
    return answering([InvalidProgram, InvalidMessage, SegmentNotFound, UnknownDestination, ProgramKeyTaken], async () => {
      const { key } = await saveProgram({ database, destinations }, workspace, { ...input, active: active ?? true, holdout: holdout ?? 0 });
      return reader.program(workspace.id, key, selection('Program'));
    });
  }

  @Authorized('programs:write')
  @Mutation(() => SetProgramActiveResult, {
    description:
      'Switches a program on or off. What is planned already is still sent; whoever is in an audience is still taken out when they must. Scope programs:write.',
  })
  setProgramActive(
    @Arg('key', () => String, { description: 'Key of the program.' }) key: string,
    @Arg('active', () => Boolean, { description: 'Whether it plans deliveries.' }) active: boolean,
    @Asked() { database, reader, workspace, selection }: Question,
  ): Promise<Tree | undefined> {
    return answering([ProgramNotFound], async () => {
      await setProgramActive(database, workspace.id, { key, active });
      return reader.program(workspace.id, key, selection('Program'));
    });
  }

  @Authorized('programs:read', 'customers:read')
  @Mutation(() => PreviewDeliveryResult, {
    description:
      'Shows what a program would send to a customer now, or what would stop it. Nothing is planned, sent or counted. Scopes programs:read, customers:read.',
  })
  previewDelivery(
    @Arg('program', () => String, { description: 'Key of the program.' }) program: string,
    @Arg('customer', () => ID, { description: 'Whom it would go to.' }) customer: string,
    @Asked() { database, destinations, desks, workspace }: Question,
  ): Promise<DeliveryPreview> {
    return answering([ProgramNotFound, CustomerNotFound, UnknownDestination, InvalidMessage, PreviewFailed], () =>
      previewDelivery({ database, destinations, desks }, workspace, { program, customerId: requireCustomerId(customer) }),
    );
  }

  @Authorized('operate')
  @Mutation(() => SyncAudienceResult, {
    description:
      "Makes the partner's audience exactly those who are in the program's segment and have agreed, when the two are feared to differ. Answered when that is done; changes of that audience wait meanwhile. Scope operate.",
  })
  syncAudience(
    @Arg('program', () => String, { description: 'Key of the program that keeps the audience.' }) program: string,
    @Asked() { database, destinations, desks, workspace }: Question,
  ): Promise<AudienceSync> {
    return answering([ProgramNotFound, UnknownDestination, InvalidMessage, AudienceNotReplaced], async () => ({
      people: await syncAudience({ database, destinations, desks }, workspace, { program }),
    }));
  }
}
