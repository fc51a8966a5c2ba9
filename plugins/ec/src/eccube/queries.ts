const person = 'name01 name02 kana01 kana02 email phone_number postal_code addr01 addr02 birth Pref { id name } Sex { id name }';

/** What is asked of each kind of thing. The shop answers only fields its allow list has. */
const fields = {
  order: `id order_no order_date payment_date create_date update_date subtotal discount delivery_fee_total charge tax payment_total
    payment_method currency_code add_point use_point ${person} OrderStatus { id name } Customer { id }
    OrderItems { product_name product_code class_category_name1 class_category_name2 price quantity OrderItemType { id } Product { id } }`,
  customer: `id ${person} point buy_total create_date update_date Status { id name }`,
  product: `id name update_date Status { id name }
    ProductClasses { code price02 visible ClassCategory1 { id name } ClassCategory2 { id name } }`,
} as const;

export type Entity = keyof typeof fields;

/** One thing by its id: `{ order: … }`. */
export const oneOf = (entity: Entity): string => `query ($id: ID!) { ${entity}(id: $id) { ${fields[entity]} } }`;

/**
 * What changed in a stretch of time, by the fields of the administration's own search form. The API knows its two times as `DateTime`
 * and refuses the whole question where they are declared as anything else.
 */
export const changed = (entity: Entity): string =>
  `query ($page: Int, $limit: Int, $from: DateTime, $to: DateTime) {
    ${entity}s(page: $page, limit: $limit, update_datetime_start: $from, update_datetime_end: $to) {
      nodes { ${fields[entity]} } pageInfo { hasNextPage }
    }
  }`;
