export { authenticate, type Caller } from './access/authenticate.ts';
export { createKey, type KeyRecord, type KeyRequest, listKeys, revokeKey } from './access/key.ts';
export { isRole, isScope, type Role, type RoleGrant, roles, type Scope, scopes } from './access/roles.ts';
export { createWorkspace, listWorkspaces, loadWorkspace, type Workspace, type WorkspaceInput } from './access/workspace.ts';
export type { Cause, Change, ChangeFilter, ChangeKind } from './change/change.ts';
export { decodeCursor, encodeCursor, type Position } from './change/cursor.ts';
export { type CustomerChange, type CustomerChangesOptions, followCustomer } from './change/customer-changes.ts';
export { Feed, type FeedOptions, type FollowOptions } from './change/feed.ts';
export type { Pages } from './change/follower.ts';
export { changesAfter, headOf, type LogRange } from './change/log.ts';
export { followSize, type Size } from './change/sizes.ts';
export { followTransitions, type Transition, type TransitionOptions, type Transitions } from './change/transitions.ts';
export { Database, type DatabaseOptions } from './db/database.ts';
export { type MigrationReport, migrate } from './db/migrate.ts';
export { type Sql, type Statement, statement } from './db/sql.ts';
export * from './delivery/index.ts';
export * from './errors.ts';
export { deriveId, type Identity, type IdentityScope, longestIdentifier, normaliseIdentifier } from './identity/identity.ts';
export {
  type ImportCounts,
  type ImportProgress,
  type ImportReport,
  type ImportRequest,
  importFile,
  type LineCounts,
} from './import/index.ts';
export type { Note, Page } from './line/batch.ts';
export { Clock } from './line/clock.ts';
export { type BatchReport, Line, type LineOptions } from './line/line.ts';
export { type Assertion, assertLink, type LinkRecord, listLinks, revokeLink } from './line/links.ts';
export type { Receipt } from './line/receipt.ts';
export { replayQuarantined } from './line/replay.ts';
export { saveComputedTraits, withdrawComputedTraits } from './line/save-computed-traits.ts';
export { archiveSegment, finishSegments, type SegmentInput, saveSegment } from './line/save-segment.ts';
export { largestItem, type Submission } from './line/submission.ts';
export * from './plugin/index.ts';
export type { ConnectionTree } from './read/connection.ts';
export { InvalidPage, largestPage } from './read/page.ts';
export { Reader, type ReaderOptions } from './read/reader.ts';
export { type Arguments, type Selected, type Selection, selectedIn, slotOf, type Tree } from './read/selection.ts';
export { Registry, RegistryError } from './registry/registry.ts';
export { compileRule, type SqlParameters, sqlParameters } from './rule/compile.ts';
export { parseRule } from './rule/validate.ts';
export { type Clause, type Explanation, explainMembership } from './segment/explain.ts';
export { type Preview, previewRule } from './segment/preview.ts';
export { listSegments, loadSegment, type SegmentRecord } from './segment/segments.ts';
