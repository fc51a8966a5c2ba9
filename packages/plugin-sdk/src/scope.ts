/** A kind of data that a person may permit or refuse by itself, such as their check-ins. */
export interface DataScope {
  readonly kind: 'scope';
  /** `plugin.thing` */
  readonly name: string;
  readonly description: string;
}

/** Declares a data scope. Name it on events and traits; consents name it as their `scope`. */
export const scope = (name: `${string}.${string}`, options: { readonly description: string }): DataScope => ({
  kind: 'scope',
  name,
  ...options,
});

/** A use of data beyond the built-in ones. */
export interface PurposeDefinition {
  readonly kind: 'purpose';
  readonly name: string;
  readonly description: string;
}

/** Declares a purpose. */
export const purpose = (name: `${string}.${string}`, options: { readonly description: string }): PurposeDefinition => ({
  kind: 'purpose',
  name,
  ...options,
});
