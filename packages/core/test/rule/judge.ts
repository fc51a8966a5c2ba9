import { NeedsHistory, type Verdict, type View } from '../../src/rule/evaluate.ts';
import { emptyTally, readTally, storeTally, type Tally, tallyEvent } from '../../src/rule/facts.ts';
import type { RuleSet } from '../../src/rule/ruleset.ts';
import type { Person } from './arbitraries.ts';

/** The last batch, whose events are judged before anything is forgotten again. */
const lastBatch = 5;

/** Counts the events in as they came: remembering all, or forgetting from batch to batch as the line does. */
function tallies(rules: RuleSet, { events }: Person, forgetful: boolean): Record<string, Tally> {
  const counted: Record<string, Tally> = {};
  for (const [place, { type, at, properties }] of events.entries()) {
    for (const measure of rules.measuresOf.get(type) ?? []) {
      const tally = counted[measure.key] ?? emptyTally();
      tallyEvent(tally, measure, { at, properties });
      const stored = forgetful && place < events.length - lastBatch;
      counted[measure.key] = stored ? readTally(storeTally(tally, measure)) : tally;
    }
  }
  return counted;
}

const viewOf = ({ traits, phone, consent }: Person, counted: Record<string, Tally>): View => ({
  trait: (name) => (Object.hasOwn(traits, name) ? (traits[name] ?? undefined) : undefined),
  consent: (key) => (key === 'marketing/email' ? consent : undefined),
  holds: (namespace) => namespace === 'user' || (namespace === 'phone' && phone),
  tally: (measure) => counted[measure.key],
});

/** What the first rule says of somebody: from what is remembered, or, where that does not reach back far enough, from everything. */
export function judge(rules: RuleSet, one: Person, now: number): Verdict {
  const [segment] = rules.segments;
  if (segment === undefined) throw new Error('no rule');
  try {
    return segment.evaluate(viewOf(one, tallies(rules, one, true)), now);
  } catch (error) {
    if (!(error instanceof NeedsHistory)) throw error;
    return segment.evaluate(viewOf(one, tallies(rules, one, false)), now);
  }
}
