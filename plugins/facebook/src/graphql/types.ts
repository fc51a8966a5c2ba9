import { Field, ObjectType } from 'type-graphql';

@ObjectType({ description: 'What somebody permits who connected their Facebook account.' })
export class FacebookPermissions {
  @Field(() => [String], { description: 'Permissions in force, such as `user_likes`.' })
  declare granted: string[];
  @Field(() => [String], { description: 'Permissions that were declined or taken back.' })
  declare declined: string[];
  @Field(() => String, { description: 'When they decided last, ISO 8601.' })
  declare decidedAt: string;
}

@ObjectType({ description: 'A page somebody likes on Facebook.' })
export class FacebookLike {
  @Field(() => String, { description: 'Id of the page.' })
  declare pageId: string;
  @Field(() => String, { nullable: true, description: 'Name of the page.' })
  declare name: string | undefined;
  @Field(() => String, { nullable: true, description: 'Category of the page, such as `Coffee shop`.' })
  declare category: string | undefined;
  @Field(() => String, { description: 'Since when they like it, ISO 8601.' })
  declare likedAt: string;
}
