import { Customer } from '@enishi/plugin-sdk/graphql';
import { ArgsType, Field, Int } from 'type-graphql';
import { connectionOf } from '../connection.ts';

export { Customer };

export const CustomerConnection = connectionOf('Customer', () => Customer);

@ArgsType()
export class FirstArgs {
  @Field(() => Int, { nullable: true, description: 'At most how many, 1 to 200; default 50.' })
  declare first?: number | null;
}

@ArgsType()
export class MembershipArgs {
  @Field(() => Boolean, { nullable: true, description: 'Also the times the customer was in a segment before and left it. Default false.' })
  declare history?: boolean | null;
  @Field(() => Int, { nullable: true, description: 'At most how many, 1 to 200, newest entry first; default 100.' })
  declare first?: number | null;
}
