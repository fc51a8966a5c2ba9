/**
 * What a reader wants to know: the fields of one object, each with its arguments and the fields wanted below it.
 * Plain data, so that core needs to know no query language and a selection can be a key of a cache.
 */
export type Selection = readonly Selected[];

export interface Selected {
  readonly field: string;
  /** Under which name the answer carries it, for a field that is asked twice with different arguments. Default: the field's name. */
  readonly as?: string;
  readonly args?: Arguments;
  readonly select?: Selection;
}

/** Dates are ISO 8601 text. */
export type Arguments = Readonly<Record<string, unknown>>;

/** One object as the database made it, with exactly the selected fields. */
export type Tree = Readonly<Record<string, unknown>>;

export const slotOf = ({ field, as }: Selected): string => as ?? field;

export const selectedIn = (selection: Selection | undefined, field: string): Selected | undefined =>
  selection?.find((selected) => selected.field === field);
