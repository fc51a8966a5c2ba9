import type { Destination } from '@enishi/plugin-sdk';
import type { Database } from '../../db/database.ts';
import { statement } from '../../db/sql.ts';
import { readMessage } from './program.ts';

export type Message = { readonly value: unknown } | { readonly problem: string };

interface Version {
  readonly programId: number;
  readonly programVersion: number;
}

const load = statement(
  'delivery.messages',
  `select v.program_id as "programId", v.version as "programVersion", v.message
  from unnest($2::int[], $3::int[]) as wanted(program_id, version)
  join program_version v on v.workspace_id = $1 and v.program_id = wanted.program_id and v.version = wanted.version`,
);

const kept = 1000;
const keyOf = ({ programId, programVersion }: Version): string => `${programId}/${programVersion}`;

/** The messages of a destination's programs, read once per version: a version never changes. */
export class Messages {
  readonly #database: Database;
  readonly #workspaceId: number;
  readonly #destination: Destination;
  readonly #known = new Map<string, Message>();

  constructor(database: Database, workspaceId: number, destination: Destination) {
    this.#database = database;
    this.#workspaceId = workspaceId;
    this.#destination = destination;
  }

  /** Makes sure `of` answers for all of these. */
  async learn(versions: readonly Version[]): Promise<void> {
    const missing = [...new Map(versions.map((version) => [keyOf(version), version])).values()].filter(
      (version) => !this.#known.has(keyOf(version)),
    );
    if (missing.length === 0) return;
    if (this.#known.size > kept) this.#known.clear();
    const rows = await this.#database.query<Version & { message: unknown }>(this.#workspaceId, load, [
      this.#workspaceId,
      missing.map(({ programId }) => programId),
      missing.map(({ programVersion }) => programVersion),
    ]);
    for (const row of rows) this.#known.set(keyOf(row), this.#read(row.message));
  }

  of(version: Version): Message {
    return this.#known.get(keyOf(version)) ?? { problem: 'its message is gone' };
  }

  /** A plugin's new version may refuse what its old one took: then the delivery is dead with that reason, and can be replayed. */
  #read(message: unknown): Message {
    try {
      return { value: readMessage(this.#destination, message) };
    } catch (error) {
      return { problem: error instanceof Error ? error.message : String(error) };
    }
  }
}
