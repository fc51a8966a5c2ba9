import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createWorkspace,
  Database,
  type ImportReport,
  type ImportRequest,
  importFile,
  Line,
  type Receipt,
  Registry,
  type Workspace,
} from '@enishi/core';
import { createTestDatabase } from '@enishi/testkit';
import { visits, visitsFile } from './plugin.ts';

type Accept = ImportRequest['line']['accept'];

/** A database, the real line, and a folder for files; all gone afterwards. */
export async function createWorld() {
  const test = await createTestDatabase();
  const workspace = await createWorkspace(test.url, { key: 'main', name: 'Main' });
  const database = await Database.open({ url: test.url, connections: 8 });
  const line = new Line({ database, registry: new Registry([visits({})]) });
  const folder = await mkdtemp(join(tmpdir(), 'enishi-import-'));
  const world = new World({ database, workspace, line, folder });
  return Object.assign(world, {
    url: test.url,
    [Symbol.asyncDispose]: async () => {
      await line.close();
      await database.close();
      await test.stop();
      await rm(folder, { recursive: true });
    },
  });
}

class World {
  readonly database: Database;
  readonly workspace: Workspace;
  readonly line: Line;
  readonly folder: string;

  constructor(parts: { database: Database; workspace: Workspace; line: Line; folder: string }) {
    this.database = parts.database;
    this.workspace = parts.workspace;
    this.line = parts.line;
    this.folder = parts.folder;
  }

  async write(name: string, content: string | Uint8Array): Promise<string> {
    const path = join(this.folder, name);
    await writeFile(path, content);
    return path;
  }

  import(path: string, settings: Partial<ImportRequest> = {}): Promise<ImportReport> {
    const { database, workspace, line } = this;
    return importFile({ database, workspace, line, source: 'visits.file', file: visitsFile, path, ...settings });
  }

  /** The line with another way of accepting. */
  lineThat(accept: Accept): ImportRequest['line'] {
    return { accept, sources: this.line.sources };
  }

  async count(table: string): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(this.workspace.id, `select count(*) as count from ${table}`);
    return row?.count ?? -1;
  }
}

/** As a line answers that has not seen any of it. */
export const accepted = (drafts: readonly unknown[]): Receipt[] =>
  (drafts as { id: string }[]).map(({ id }) => ({ status: 'ACCEPTED', id, eventId: id, customerId: id }));

/** A file of so many visits, every hundredth of them broken. */
export const visitsText = (count: number): string =>
  Array.from({ length: count }, (_, index) => (index % 100 === 99 ? `broken ${index}\n` : `v${index} person${index % 50}\n`)).join('');
