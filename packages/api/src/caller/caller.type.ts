import { Field, ID, ObjectType } from 'type-graphql';

@ObjectType('Workspace', { description: 'The company or brand whose data this is.', simpleResolvers: true })
export class WorkspaceInfo {
  @Field(() => String, { description: 'Stable name.' })
  declare key: string;
  @Field(() => String, { description: 'Name for people.' })
  declare name: string;
  @Field(() => String, { description: 'Country whose telephone numbers need no country code, in ISO 3166: `JP`.' })
  declare country: string;
}

@ObjectType('Caller', { description: 'Who is asking: the key this question came with.', simpleResolvers: true })
export class CallerInfo {
  @Field(() => ID, { description: 'Id of the key.' })
  declare keyId: string;
  @Field(() => String, { description: 'The role the key was made for.' })
  declare role: string;
  @Field(() => [String], { description: 'What the key may do.' })
  declare scopes: string[];
  @Field(() => String, { description: 'What the holder uses data for.' })
  declare purpose: string;
  @Field(() => String, { description: "Key of the source the holder's events are booked under." })
  declare source: string;
  @Field(() => WorkspaceInfo, { description: 'Whose data the key opens.' })
  declare workspace: WorkspaceInfo;
}
