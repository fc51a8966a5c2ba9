// Decorators need what this loads, whether or not anything of it is used as a value.
import '@enishi/plugin-sdk/graphql';
import type { Context } from '@enishi/plugin-sdk/graphql';
import DataLoader from 'dataloader';
import { Arg, Authorized, Ctx, Field, Float, ObjectType, Query, Resolver } from 'type-graphql';
import { product, productKey } from './product.ts';

@ObjectType({ description: 'A product of a web shop, by its stock-keeping number, as the shop last told of it.' })
export class EcProduct {
  @Field(() => String, { nullable: true, description: 'Name of the shop, where the workspace has more than one.' })
  declare shop?: string;
  @Field(() => String, { description: 'Stock-keeping number.' })
  declare sku: string;
  @Field(() => String, { description: "The shop's id of the product, which all its variants share." })
  declare productId: string;
  @Field(() => String, { description: 'What the shop calls it.' })
  declare name: string;
  @Field(() => String, { nullable: true, description: 'Which variant of the product: colour, size.' })
  declare variant?: string;
  @Field(() => String, { nullable: true, description: 'Brand or maker.' })
  declare brand?: string;
  @Field(() => String, { nullable: true, description: 'Kind of product, in the words of the shop.' })
  declare category?: string;
  @Field(() => Float, { nullable: true, description: 'Price in major units of the currency of the shop.' })
  declare price?: number;
  @Field(() => String, { nullable: true, description: 'ISO 4217 code, where the shop says it.' })
  declare currency?: string;
  @Field(() => String, { nullable: true, description: "Address of the product's page." })
  declare url?: string;
  @Field(() => String, { nullable: true, description: 'Address of a picture.' })
  declare imageUrl?: string;
  @Field(() => String, {
    nullable: true,
    description: 'JAN code (GTIN), only where the number is a real one: a till that sold it sold the same product.',
  })
  declare jan?: string;
  @Field(() => Boolean, { description: 'Whether the shop sells it now.' })
  declare onSale: boolean;
  @Field(() => String, { description: 'When the shop last changed it, ISO 8601.' })
  declare updatedAt: string;
}

@Resolver()
export class ProductResolver {
  @Authorized('events:read')
  @Query(() => EcProduct, {
    nullable: true,
    description: 'A product of the web shop. Many asked for in one operation are read together. Scope events:read.',
  })
  ecProduct(
    @Arg('sku', () => String, { description: 'Stock-keeping number, as orders name it.' }) sku: string,
    @Arg('shop', () => String, { nullable: true, description: 'Name of the shop, where the workspace has more than one.' })
    shop: string | undefined,
    @Ctx() context: Context,
  ): Promise<EcProduct | undefined> {
    return loaderOf(context).load(productKey(sku, shop));
  }
}

/** One for each operation: its products are read by one statement, and nothing is remembered after it. */
const loaders = new WeakMap<Context, DataLoader<string, EcProduct | undefined>>();

function loaderOf(context: Context): DataLoader<string, EcProduct | undefined> {
  const known = loaders.get(context);
  if (known !== undefined) return known;
  const loader = new DataLoader<string, EcProduct | undefined>(
    async (keys) => (await context.kept('ec', keys)).map((kept) => product.safeParse(kept).data as EcProduct | undefined),
    { maxBatchSize: 500 },
  );
  loaders.set(context, loader);
  return loader;
}
