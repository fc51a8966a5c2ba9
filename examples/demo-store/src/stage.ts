import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKey, listSegments, type Role, saveProgram, saveSegment, type Workspace } from '@enishi/core';
import {
  createLogger,
  createServer,
  type EnishiServer,
  type Installation,
  openInstallation,
  resolveConfig,
  startEmbedded,
} from '@enishi/server';
import { type BuildReport, build } from './build.ts';
import { demoConfig, demoSecrets } from './config.ts';
import { type MailSink, startMailSink } from './mail/sink.ts';
import { programs, segments } from './segments.ts';
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
  /** `undefined` where the world was there already. */
  readonly report: BuildReport | undefined;
  readonly close: () => Promise<void>;
}

const roleNames = ['front-end', 'source', 'bi', 'marketer', 'privacy', 'operator'] as const satisfies readonly Role[];

/** Puts the demo up: PostgreSQL, mail sink, schema, world, segments, programs, keys, server. Whatever fails, nothing is left running. */
export async function openStage({ world, port, folder, signal, print }: StageOptions): Promise<Stage> {
  const undo: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const mail = await startMailSink();
    undo.push(mail.stop);
    const home = folder ?? (await mkdtemp(join(tmpdir(), 'enishi-demo-')));
    if (folder === undefined) undo.push(() => rm(home, { recursive: true, force: true }));
    // A world that can be made again need not survive a power cut; one that is kept is written as carefully as any.
    const settings: Record<string, string> =
      folder === undefined ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } : {};
    const postgres = await startEmbedded({ folder: home, settings });
    undo.push(() => postgres.stop());
    print('PostgreSQL is up.');

    const config = {
      ...demoConfig({ secrets: demoSecrets, smtp: { host: '127.0.0.1', port: mail.port } }),
      database: { url: postgres.url },
      http: { port, host: '127.0.0.1' },
      log: { level: 'warn' as const },
    };
    const logger = createLogger('warn');
    const installation = await openInstallation({ config: resolveConfig(config), logger });
    let report: BuildReport | undefined;
    try {
      report = await furnish(installation, { world, signal, print });
    } finally {
      await installation.close();
    }
    const server = await createServer(config, { logger });
    undo.push(server.close);
    const [workspace] = server.workspaces;
    if (workspace === undefined) throw new Error('the workspace is missing');
    const made = roleNames.map(
      async (role) => [role, (await createKey(server.database, workspace, { name: `demo ${role}`, role })).key] as const,
    );
    const keys = Object.fromEntries(await Promise.all(made)) as Record<Role, string>;
    return { server, url: await server.listen(), workspace, keys, mail, report, close };
  } catch (error) {
    await close();
    throw error;
  }
}

type Furniture = Pick<StageOptions, 'world' | 'signal' | 'print'>;

/** Lets the world happen and makes its segments. Programs come last: what happened before them is no reason to write to anybody. */
async function furnish(installation: Installation, { world, signal, print }: Furniture): Promise<BuildReport | undefined> {
  const { line, database, destinations } = installation;
  const [workspace] = installation.workspaces;
  if (workspace === undefined) throw new Error('the workspace is missing');
  if ((await listSegments(database, workspace.id)).length > 0) return undefined;
  print(`A world of ${world.people.length} people happens:`);
  const report = await build(world, { line, workspace, signal });
  for (const segment of segments) await saveSegment(line, workspace, segment);
  for (const program of programs) await saveProgram({ database, destinations }, workspace, program);
  return report;
}
