import type { Delivery, Preview } from '@enishi/plugin-sdk';
import type { Workspace } from '../../access/workspace.ts';
import type { Database } from '../../db/database.ts';
import { nilId } from '../../db/nil-id.ts';
import { CustomerNotFound, PreviewFailed, ProgramNotFound, UnknownDestination } from '../../errors.ts';
import { inTime } from '../../plugin/in-time.ts';
import { checksNow, circumstancesOf, type DeliveryStep, holdoutStep } from '../admission/explain.ts';
import { findProspect, type Prospect } from '../admission/prospect.ts';
import { type OpensDesks, pluginOf } from '../desk.ts';
import type { Destinations } from '../destination.ts';
import { valuesOf } from '../trait-values.ts';
import { readMessage } from './program.ts';

/** What previews are made with. */
export interface Previews {
  readonly database: Database;
  readonly destinations: Destinations;
  readonly desks: OpensDesks;
}

export interface PreviewRequest {
  readonly program: string;
  readonly customerId: string;
  readonly now?: Date;
}

/** How it would look, and what would stop it at this moment; nothing is planned, sent or counted. */
export interface DeliveryPreview {
  readonly parts: Preview['parts'];
  readonly steps: readonly DeliveryStep[];
}

const seconds = 10;

/**
 * Renders what a program would send to a customer now. Where consent forbids it, there is no address or they are held out, nothing is rendered
 * and the steps say so. Throws ProgramNotFound, CustomerNotFound, UnknownDestination, InvalidMessage, PreviewFailed.
 */
export async function previewDelivery(
  { database, destinations, desks }: Previews,
  workspace: Pick<Workspace, 'id' | 'key'>,
  { program, customerId, now = new Date() }: PreviewRequest,
): Promise<DeliveryPreview> {
  const prospect = await findProspect(database, workspace.id, { program, customerId });
  if (prospect === undefined) throw new ProgramNotFound(program);
  const { person, destinationKey } = prospect;
  if (person === undefined) throw new CustomerNotFound(customerId);
  const destination = destinations.get(destinationKey);
  if (destination === undefined) throw new UnknownDestination(destinationKey);
  const circumstances = await circumstancesOf(database, workspace.id, { prospect, person, now });
  const asked = checksNow(person, circumstances, { id: '', operation: prospect.kind === 'audience' ? 'ADD' : null });
  const steps = [...holdoutStep(prospect), ...asked];
  if (steps.some(({ state }) => state === 'STOPPED')) return { parts: [], steps };
  const delivery = deliveryOf(prospect, workspace.key, readMessage(destination, prospect.message));
  if (destination.kind === 'audience' || destination.preview === undefined) return { parts: [plain(delivery.message)], steps };
  const { preview } = destination;
  const plugin = pluginOf(destinationKey);
  try {
    const { parts } = await inTime({ seconds }, (signal) => preview(delivery as Delivery<never>, desks.of(plugin, workspace, signal)));
    return { parts, steps };
  } catch (error) {
    throw new PreviewFailed(desks.redacted(plugin, error instanceof Error ? error.message : String(error)));
  }
}

/** The delivery as it would be; its id is nobody's. */
function deliveryOf({ person, channel, segment, trigger }: Prospect, workspace: string, message: unknown): Delivery {
  const usable = (person?.addresses ?? []).filter(({ suppressed }) => channel === 'ads' || suppressed === null);
  const byNamespace = Map.groupBy(usable, ({ namespace }) => namespace);
  return {
    id: nilId,
    workspace,
    recipient: {
      id: person?.id ?? '',
      identifiers: Object.fromEntries([...byNamespace].map(([namespace, found]) => [namespace, found.map(({ value }) => value)])),
      traits: valuesOf(person?.traits ?? {}),
    },
    message,
    cause: { segment, change: trigger === 'LEFT' ? 'LEFT' : 'ENTERED' },
    attempt: 1,
  };
}

const plain = (message: unknown) => ({ name: 'message', contentType: 'application/json', body: JSON.stringify(message, null, 2) });
