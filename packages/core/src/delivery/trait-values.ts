/** Traits as a customer's row has them, each with where it came from. */
export type StoredTraits = Readonly<Record<string, { readonly v: unknown }>>;

/** As destinations are told them: the values alone. */
export const valuesOf = (traits: StoredTraits): Record<string, unknown> =>
  Object.fromEntries(Object.entries(traits).map(([key, { v }]) => [key, v]));
