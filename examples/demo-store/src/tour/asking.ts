import { segments } from '../segments.ts';
import { hanako, type Scene } from './scene.ts';
import type { Step } from './step.ts';

const preview = `query Preview($rule: JSON!) {
  previewSegment(rule: $rule) { ... on SegmentPreview { count sample { id } } ... on InvalidRule { message } }
}`;
const explain = `query Explain($segment: String!, $customer: ID!) {
  explainMembership(segment: $segment, customer: $customer) {
    ... on MembershipExplanation { member changesAt clauses { path matches actual } }
    ... on SegmentNotFound { message }
  }
}`;

/** Questions a marketer asks before saving a rule and after. */
export const asking = ({ marketer }: Scene): Step[] => [
  {
    title: 'Every segment of the demo has members / どのセグメントにも顧客がいる',
    expected: segments.map(({ key }) => key).join(', '),
    look: async () => {
      const { segments: found } = await marketer.graphql<{ segments: { key: string; size: number }[] }>('{ segments { key size } }');
      const sizes = segments.map(({ key }) => ({ key, size: found.find((segment) => segment.key === key)?.size ?? 0 }));
      return { ok: sizes.every(({ size }) => size > 0), seen: sizes.map(({ key, size }) => `${key} ${size}`).join(', ') };
    },
  },
  {
    title: 'Preview the rule of "gold" by SQL over everybody / ルールを試算する',
    expected: 'as many customers as the segment that was kept live, one event at a time',
    look: async () => {
      const gold = segments.find(({ key }) => key === 'gold');
      const { segment } = await marketer.graphql<{ segment: { size: number } }>('{ segment(key: "gold") { size } }');
      const { previewSegment } = await marketer.graphql<{ previewSegment: { count: number; sample: unknown[] } }>(preview, {
        rule: gold?.rule,
      });
      return {
        ok: previewSegment.count === segment.size && segment.size > 0,
        seen: `preview ${previewSegment.count}, segment ${segment.size}`,
      };
    },
  },
  {
    title: 'Why is Hanako a repeat buyer, and until when? / なぜリピーターなのか、いつまでか',
    expected: 'she is a member, with what was found for each clause, and the instant her membership ends by itself',
    look: async () => {
      const who = 'query Who($identity: IdentityInput!) { customerBy(identity: $identity) { id } }';
      const { customerBy } = await marketer.graphql<{ customerBy: { id: string } }>(who, {
        identity: { namespace: 'email', value: hanako.email },
      });
      const { explainMembership: why } = await marketer.graphql<{
        explainMembership: { member: boolean; changesAt: string | null; clauses: { path: string; matches: boolean; actual: string }[] };
      }>(explain, { segment: 'repeat', customer: customerBy.id });
      const clause = why.clauses.find(({ matches, actual }) => matches && actual !== '');
      const days = why.changesAt === null ? 0 : Math.round((Date.parse(why.changesAt) - Date.now()) / 86_400_000);
      return { ok: why.member && days === 180, seen: `member ${why.member}; ${clause?.path}: ${clause?.actual}; changes in ${days} days` };
    },
  },
];
