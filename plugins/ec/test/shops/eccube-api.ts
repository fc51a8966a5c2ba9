import { buildSchema, GraphQLError, GraphQLScalarType, graphqlSync } from 'graphql';
import { z } from 'zod';

/** The part of the Web API plugin's schema (Api42) that is asked, with the types it has there. */
const schema = buildSchema(`
  scalar DateTime
  type Master { id: ID! name: String! }
  type Thing { id: ID! }
  type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! }

  type Order {
    id: ID! order_no: String order_date: DateTime payment_date: DateTime create_date: DateTime! update_date: DateTime!
    subtotal: Float! discount: Float! delivery_fee_total: Float! charge: Float! tax: Float! payment_total: Float!
    payment_method: String currency_code: String add_point: Float! use_point: Float!
    name01: String! name02: String! kana01: String kana02: String email: String phone_number: String postal_code: String
    addr01: String addr02: String birth: DateTime Pref: Master Sex: Master
    OrderStatus: Master Customer: Thing OrderItems: [OrderItem]
  }
  type OrderItem {
    product_name: String! product_code: String class_category_name1: String class_category_name2: String
    price: Float! quantity: Float! OrderItemType: Master Product: Thing
  }
  type Customer {
    id: ID! point: Float! buy_total: Float create_date: DateTime! update_date: DateTime! Status: Master
    name01: String! name02: String! kana01: String kana02: String email: String! phone_number: String postal_code: String
    addr01: String addr02: String birth: DateTime Pref: Master Sex: Master
  }
  type Product { id: ID! name: String! update_date: DateTime! Status: Master ProductClasses: [ProductClass] }
  type ProductClass { code: String price02: Float! visible: Boolean! ClassCategory1: Master ClassCategory2: Master }

  type Orders { nodes: [Order] totalCount: Int! pageInfo: PageInfo! }
  type Customers { nodes: [Customer] totalCount: Int! pageInfo: PageInfo! }
  type Products { nodes: [Product] totalCount: Int! pageInfo: PageInfo! }

  type Query {
    order(id: ID!): Order
    customer(id: ID!): Customer
    product(id: ID!): Product
    orders(page: Int = 1, limit: Int = 50, update_datetime_start: DateTime, update_datetime_end: DateTime): Orders
    customers(page: Int = 1, limit: Int = 50, update_datetime_start: DateTime, update_datetime_end: DateTime): Customers
    products(page: Int = 1, limit: Int = 50, update_datetime_start: DateTime, update_datetime_end: DateTime): Products
  }
`);

const dateTime = schema.getType('DateTime');
if (dateTime instanceof GraphQLScalarType)
  dateTime.parseValue = (given) => {
    // PHP's DateTime::ATOM: no other spelling of a time is taken, one with milliseconds neither.
    if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:[+-]\d{2}:\d{2}|Z)$/.test(String(given))) return given;
    throw new GraphQLError(`DateTime parse error, please specify in "Y-m-d\\TH:i:sP"${JSON.stringify(given)}`);
  };

const asked = z.object({ query: z.string(), variables: z.record(z.string(), z.unknown()).optional() });

interface Things {
  readonly order: object;
  readonly customer: object;
  readonly product: object;
}

const only = (thing: object) => ({ nodes: [thing], totalCount: 1, pageInfo: { hasNextPage: false, hasPreviousPage: false } });

/** What the API of a shop with these things answers; a question it does not understand gets `errors`, with 200 like all the rest. */
export function answerOf(question: unknown, { order, customer, product }: Things): unknown {
  const { query, variables = {} } = asked.parse(question);
  const rootValue = { order, customer, product, orders: only(order), customers: only(customer), products: only(product) };
  return graphqlSync({ schema, source: query, rootValue, variableValues: variables });
}
