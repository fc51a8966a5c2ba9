export { authenticate, type Caller } from './access/authenticate.ts';
export { createKey, type KeyRecord, type KeyRequest, listKeys, revokeKey } from './access/key.ts';
export { isRole, isScope, type Role, type RoleGrant, roles, type Scope, scopes } from './access/roles.ts';
export { createWorkspace, listWorkspaces, loadWorkspace, type Workspace, type WorkspaceInput } from './access/workspace.ts';
export { Database, type DatabaseOptions } from './db/database.ts';
export { type MigrationReport, migrate } from './db/migrate.ts';
export { type Sql, type Statement, statement } from './db/sql.ts';
export * from './errors.ts';
