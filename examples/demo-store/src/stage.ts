import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKey, type Role, type Workspace } from '@enishi/core';
import { createLogger, createServer, type EnishiServer, startEmbedded } from '@enishi/server';
import pg from 'pg';
import { type BuildReport, build } from './build.ts';
import { type Outside, outside } from './client.ts';
import { demoConfig, demoSecrets } from './config.ts';
import { type MailSink, startMailSink } from './mail/sink.ts';
import { type Partners, startPartners } from './partners/partners.ts';
import { partnerPrograms, partnerSegments, programs, segments } from './segments.ts';
import type { World } from './world/world.ts';

export interface StageOptions {
  readonly world: World;
  /** 0 for any free one. */
  readonly port: number;
  /** Where the data stays; without it everything is gone afterwards. */
  readonly folder: string | undefined;
  readonly signal: AbortSignal;
  readonly print: (line: string) => void;
}

/** The demo's world with its server, listening. */
export interface Stage {
  readonly server: EnishiServer;
  readonly url: string;
  readonly workspace: Workspace;
  readonly keys: Readonly<Record<Role, string>>;
  readonly mail: MailSink;
  readonly partners: Partners;
  /** `undefined` where the world was there already. */
  readonly report: BuildReport | undefined;
  readonly close: () => Promise<void>;
}

const roleNames = ['front-end', 'source', 'bi', 'marketer', 'privacy', 'operator'] as const satisfies readonly Role[];

/** Puts the demo up: PostgreSQL, mail sink, partners, schema, world, segments, programs, keys, server. Whatever fails, nothing is left running. */
export async function openStage({ world, port, folder, signal, print }: StageOptions): Promise<Stage> {
  const undo: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const mail = await startMailSink();
    undo.push(mail.stop);
    const partners = await startPartners();
    undo.push(partners.stop);
    const home = folder ?? (await mkdtemp(join(tmpdir(), 'enishi-demo-')));
    if (folder === undefined) undo.push(() => rm(home, { recursive: true, force: true }));
    // A world that can be made again need not survive a power cut; one that is kept is written as carefully as any.
    const settings: Record<string, string> =
      folder === undefined ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } : {};
    const postgres = await startEmbedded({ folder: home, settings });
    undo.push(() => postgres.stop());
    print('PostgreSQL is up.');

    const config = {
      ...demoConfig({ secrets: demoSecrets, smtp: { host: '127.0.0.1', port: mail.port }, partnersUrl: partners.url }),
      database: { url: postgres.url },
      secretKey: postgres.secretKey,
      http: { port, host: '127.0.0.1' },
      log: { level: 'warn' as const },
    };
    const server = await createServer(config, { logger: createLogger('warn') });
    undo.push(server.close);
    const [workspace] = server.workspaces;
    if (workspace === undefined) throw new Error('the workspace is missing');
    const made = roleNames.map(
      async (role) => [role, (await createKey(server.database, workspace, { name: `demo ${role}`, role })).key] as const,
    );
    const keys = Object.fromEntries(await Promise.all(made)) as Record<Role, string>;
    const url = await server.listen();
    const report = await furnish({ server, workspace, marketer: outside(url, keys.marketer) }, { world, signal, print });
    return { server, url, workspace, keys, mail, partners, report, close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface House {
  readonly server: EnishiServer;
  readonly workspace: Workspace;
  readonly marketer: Outside;
}

/**
 * Makes the segments, then lets the world happen: kept live from the first event they need no second look at everybody. Programs
 * come last: what happened before them is no reason to write to anybody.
 */
async function furnish({ server, workspace, marketer }: House, { world, signal, print }: Pick<StageOptions, 'world' | 'signal' | 'print'>) {
  const there = await marketer.graphql<{ programs: unknown[] }>('{ programs { key } }');
  if (there.programs.length > 0) return undefined;
  for (const input of [...segments, ...partnerSegments]) await save(marketer, saveSegment, input);
  print(`A world of ${world.people.length} people happens:`);
  const report = await build(world, { line: server.line, workspace, signal });
  await analyse(server.databaseUrl);
  for (const input of [...programs, ...partnerPrograms]) await save(marketer, saveProgram, input);
  return report;
}

/** A database filled in seconds has no statistics yet, and PostgreSQL would plan as if its tables were empty. */
async function analyse(ownerUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  await client.query('analyze').finally(() => client.end());
}

async function save(marketer: Outside, mutation: string, input: object): Promise<void> {
  const [saved] = Object.values(await marketer.graphql<Record<string, { readonly message?: string }>>(mutation, { input }));
  if (saved?.message !== undefined) throw new Error(saved.message);
}

const saveSegment =
  'mutation SaveSegment($input: SegmentInput!) { saveSegment(input: $input) { ... on Segment { key } ... on Problem { message } } }';
const saveProgram =
  'mutation SaveProgram($input: ProgramInput!) { saveProgram(input: $input) { ... on Program { key } ... on Problem { message } } }';
