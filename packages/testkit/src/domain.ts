import { createKey, createWorkspace, Database, Line, Registry, type Role, type Workspace, type WorkspaceInput } from '@enishi/core';
import type { Plugin } from '@enishi/plugin-sdk';
import { createTestDatabase } from './database.ts';
import { watchForLeaks } from './leaks.ts';

export interface TestDomainOptions {
  /** Configured plugins: `[shop({ … })]`. */
  readonly plugins?: readonly Plugin[];
  /** Default: key `main`, country `JP`, a salt that is the same in each test, so that ids are too. */
  readonly workspace?: Partial<WorkspaceInput>;
  readonly now?: () => Date;
}

/** The domain on a database of its own, without a process around it: no HTTP, no GraphQL, nothing running by itself. */
export interface TestDomain {
  /** As the owner of the database. */
  readonly url: string;
  readonly database: Database;
  readonly registry: Registry;
  readonly line: Line;
  readonly workspace: Workspace;
  /** A fresh key of this role. */
  readonly key: (role: Role) => Promise<string>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
}

/** Call with `await using`: whatever is still open or connected when the test is over fails it. */
export async function createTestDomain({ plugins = [], workspace: wanted = {}, now }: TestDomainOptions = {}): Promise<TestDomain> {
  await using stack = new AsyncDisposableStack();
  stack.defer(watchForLeaks());
  const { url } = stack.use(await createTestDatabase());
  const workspace = await createTestWorkspace(url, wanted);
  const database = await Database.open({ url });
  stack.defer(() => database.close());
  const registry = new Registry(plugins);
  const line = new Line({ database, registry, ...(now ? { now } : {}) });
  stack.defer(() => line.close());
  const open = stack.move();
  return {
    url,
    database,
    registry,
    line,
    workspace,
    key: async (role) => (await createKey(database, workspace, { name: `test ${role}`, role })).key,
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

export const createTestWorkspace = (url: string, wanted: Partial<WorkspaceInput>): Promise<Workspace> =>
  createWorkspace(url, { key: 'main', name: 'Main', country: 'JP', salt: Buffer.alloc(32, 7), ...wanted });
