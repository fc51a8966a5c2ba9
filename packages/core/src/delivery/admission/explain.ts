import type { Database } from '../../db/database.ts';
import { statement } from '../../db/sql.ts';
import { CustomerNotFound, ProgramNotFound } from '../../errors.ts';
import type { DeliveryRecord } from '../log/list.ts';
import { loadDelivery } from '../log/list.ts';
import { type Check, type Circumstances, checkPerson, checks, type Obstacle, type Person } from './admit.ts';
import { longestCap } from './policy.ts';
import { contactsOf, listDeliveryPolicies } from './policy-store.ts';
import { findProspect, type Prospect } from './prospect.ts';

export const stepKinds = [
  'PROGRAM',
  'PLANNED',
  'DESTINATION',
  'HOLDOUT',
  ...checks,
  'CUSTOMER',
  'TURN',
  'CANCELLED',
  'ATTEMPTS',
  'OUTCOME',
] as const;
export type StepKind = (typeof stepKinds)[number];

/** One thing that was, or is, asked on the way of a delivery. */
export interface DeliveryStep {
  readonly kind: StepKind;
  /** `STOPPED` and `WAITING` say why it is not sent; behind them nothing was asked. */
  readonly state: 'PASSED' | 'STOPPED' | 'WAITING';
  readonly reason: string | null;
  /** When it was so; for one that waits, until when. */
  readonly at: Date | null;
}

export interface DeliveryExplanation {
  /** `undefined` where none was planned: the steps then say what would become of one now. */
  readonly delivery: DeliveryRecord | undefined;
  readonly steps: readonly DeliveryStep[];
}

export interface ExplainRequest {
  readonly workspaceId: number;
  /** One delivery, or the newest of this program for this customer. */
  readonly of: { readonly id: string } | { readonly program: string; readonly customerId: string };
  readonly now?: Date;
}

const newest = statement(
  'delivery.newest-of-program',
  `select d.id from delivery d join program p on p.workspace_id = $1 and p.id = d.program_id and p.key = $2
  where d.workspace_id = $1 and d.customer_id in (
    select i.id from identity i where i.workspace_id = $1
      and i.customer_id = (select customer_id from identity where workspace_id = $1 and id = $3)
  )
  order by d.ordinal desc limit 1`,
);

/** Why a delivery was sent, is not yet, or never was. Throws DeliveryNotFound, ProgramNotFound, CustomerNotFound. */
export async function explainDelivery(
  database: Database,
  { workspaceId, of, now = new Date() }: ExplainRequest,
): Promise<DeliveryExplanation> {
  const id =
    'id' in of ? of.id : (await database.query<{ id: string }>(workspaceId, newest, [workspaceId, of.program, of.customerId]))[0]?.id;
  const delivery = id === undefined ? undefined : await loadDelivery(database, workspaceId, id);
  const key = delivery ? { program: delivery.program, customerId: delivery.customerId } : (of as { program: string; customerId: string });
  const prospect = await findProspect(database, workspaceId, key);
  if (prospect === undefined) throw new ProgramNotFound(key.program);
  const before = [programStep(prospect), plannedStep(delivery), destinationStep(prospect, delivery), ...holdoutStep(prospect, delivery)];
  if (delivery !== undefined && delivery.status !== 'PENDING') return { delivery, steps: cut([...before, ...pastSteps(delivery)]) };
  if (prospect.person === undefined) {
    if (delivery === undefined) throw new CustomerNotFound(key.customerId);
    return { delivery, steps: cut([...before, { kind: 'CUSTOMER', state: 'STOPPED', reason: 'the customer is gone', at: null }]) };
  }
  const circumstances = await circumstancesOf(database, workspaceId, { prospect, person: prospect.person, now });
  const asked = checksNow(prospect.person, circumstances, { id: delivery?.id ?? '', operation: operationOf(prospect, delivery) });
  const waiting = delivery === undefined ? [] : [queueStep(delivery)];
  return { delivery, steps: cut([...before, ...asked, ...waiting]) };
}

/** Purpose, channel, policies and what the customer was sent, as a claim would know them. */
export async function circumstancesOf(
  database: Database,
  workspaceId: number,
  { prospect, person, now }: { readonly prospect: Prospect; readonly person: Person; readonly now: Date },
): Promise<Circumstances> {
  const policies = await listDeliveryPolicies(database, workspaceId);
  const since = new Date(now.getTime() - longestCap(policies, prospect.channel));
  const sql = <TRow>(query: Parameters<Database['query']>[1], values: readonly unknown[] = []) =>
    database.query<TRow>(workspaceId, query, values);
  const contacts = await contactsOf(sql, workspaceId, { customerIds: [person.id], since });
  return { destination: prospect, policies, contacts: contacts.get(person.id) ?? [], maxAttempts: Number.POSITIVE_INFINITY, now };
}

/** Each check as it comes out at this moment. */
export const checksNow = (
  person: Person,
  circumstances: Circumstances,
  candidate: { id: string; operation: 'ADD' | 'REMOVE' | null },
): DeliveryStep[] =>
  candidate.operation === 'REMOVE'
    ? []
    : checks.map((check) => {
        const stop = checkPerson(check, { candidate, person, circumstances });
        if (stop === undefined) return { kind: check, state: 'PASSED', reason: null, at: circumstances.now };
        if (stop.kind === 'wait') return { kind: check, state: 'WAITING', reason: stop.reason, at: stop.until };
        return { kind: check, state: 'STOPPED', reason: stop.reason, at: circumstances.now };
      });

const operationOf = ({ kind }: Prospect, delivery: DeliveryRecord | undefined): 'ADD' | 'REMOVE' | null => {
  if (kind === 'message') return null;
  return delivery?.change === 'LEFT' ? 'REMOVE' : 'ADD';
};

const programStep = ({ active }: Prospect): DeliveryStep => ({
  kind: 'PROGRAM',
  state: 'PASSED',
  reason: active ? null : 'the program is switched off: nothing new is planned',
  at: null,
});

const plannedStep = (delivery: DeliveryRecord | undefined): DeliveryStep =>
  delivery === undefined
    ? { kind: 'PLANNED', state: 'STOPPED', reason: 'no change of the segment has set the program off for this customer', at: null }
    : { kind: 'PLANNED', state: 'PASSED', reason: `${delivery.change} ${delivery.segment}`, at: delivery.createdAt };

const destinationStep = ({ pausedAt, pausedReason }: Prospect, delivery: DeliveryRecord | undefined): DeliveryStep =>
  pausedAt !== null && (delivery === undefined || delivery.status === 'PENDING')
    ? { kind: 'DESTINATION', state: 'WAITING', reason: `paused: ${pausedReason ?? ''}`, at: null }
    : { kind: 'DESTINATION', state: 'PASSED', reason: null, at: null };

/** Held out is who is when a delivery is planned; one that was planned to be sent is not taken back by a larger share. */
export const holdoutStep = ({ heldOut }: Prospect, delivery?: DeliveryRecord): DeliveryStep[] =>
  delivery === undefined && heldOut !== null ? [{ kind: 'HOLDOUT', state: 'STOPPED', reason: heldOut, at: null }] : [];

/** How it went for one that has been decided about. */
function pastSteps(delivery: DeliveryRecord): DeliveryStep[] {
  const { status, reason, updatedAt, attempts, reference } = delivery;
  const stop = delivery.obstacle === null ? undefined : kindOf(delivery.obstacle);
  if (status === 'SUPPRESSED' || (status === 'DEAD' && stop !== undefined)) {
    const before = checks.slice(0, Math.max(checks.indexOf(stop as Check), 0));
    return [...before.map(passed), { kind: stop ?? 'CONSENT', state: 'STOPPED', reason, at: updatedAt }];
  }
  const tried: DeliveryStep = { kind: 'ATTEMPTS', state: 'PASSED', reason: `${attempts}`, at: updatedAt };
  const outcome: DeliveryStep = {
    kind: 'OUTCOME',
    state: status === 'DELIVERED' ? 'PASSED' : status === 'SENDING' ? 'WAITING' : 'STOPPED',
    reason: status === 'DELIVERED' ? reference : reason,
    at: status === 'SENDING' ? null : updatedAt,
  };
  return [...checks.map(passed), tried, outcome];
}

const passed = (kind: Check): DeliveryStep => ({ kind, state: 'PASSED', reason: null, at: null });

function kindOf(obstacle: Obstacle): StepKind {
  if (obstacle === 'CUSTOMER_GONE' || obstacle === 'CUSTOMER_BUSY') return 'CUSTOMER';
  return obstacle === 'ABANDONED' ? 'ATTEMPTS' : obstacle;
}

const queueStep = ({ obstacle, attempts, reason, dueAt }: DeliveryRecord): DeliveryStep =>
  obstacle === 'TURN'
    ? { kind: 'TURN', state: 'WAITING', reason: 'another delivery to this customer goes out first', at: dueAt }
    : { kind: 'ATTEMPTS', state: 'WAITING', reason: attempts === 0 ? null : reason, at: dueAt };

/** Nothing is asked behind what stops it. */
function cut(steps: readonly DeliveryStep[]): DeliveryStep[] {
  const stop = steps.findIndex(({ kind, state }) => state === 'STOPPED' && kind !== 'PLANNED');
  return stop < 0 ? [...steps] : steps.slice(0, stop + 1);
}
