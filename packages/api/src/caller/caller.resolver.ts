import { Ctx, Query, Resolver } from 'type-graphql';
import type { GraphContext } from '../context.ts';
import { CallerInfo } from './caller.type.ts';

@Resolver()
export class CallerResolver {
  @Query(() => CallerInfo, { description: 'Who you are here and what you may do. Needs no scope.' })
  me(@Ctx() { caller }: GraphContext): CallerInfo {
    return { ...caller, scopes: [...caller.scopes].sort() };
  }
}
