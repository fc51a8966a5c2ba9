/** Where in an input something is wrong, and what: `{ path: 'properties.total', message: 'expected number' }`. */
export interface Violation {
  readonly path: string;
  readonly message: string;
}

/**
 * A failure the domain foresees. `code` is stable and for programs, the message is for people, `details` names the
 * things concerned. Everything else that is thrown is a defect: the edge masks it and logs it under an id.
 */
export class EnishiError extends Error {
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(code: string, message: string, details?: Readonly<Record<string, unknown>>) {
    super(message);
    this.name = new.target.name;
    this.code = code;
    this.details = details;
  }
}

const listed = (violations: readonly Violation[]): string =>
  violations.map(({ path, message }) => `${path || '(root)'}: ${message}`).join('; ');

export class InvalidRule extends EnishiError {
  static readonly code = 'INVALID_RULE';
  constructor(violations: readonly Violation[]) {
    super(InvalidRule.code, `This is not a rule: ${listed(violations)}`, { violations });
  }
}

/** The same may be asked again after a moment. */
export class RulesBusy extends EnishiError {
  static readonly code = 'RULES_BUSY';
  constructor() {
    super(RulesBusy.code, 'Too many rules are being looked up just now; ask again after a moment.');
  }
}

export class RuleTooSlow extends EnishiError {
  static readonly code = 'RULE_TOO_SLOW';
  constructor(seconds: number) {
    super(RuleTooSlow.code, `Whom this rule holds for could not be looked up within ${seconds} seconds.`, { seconds });
  }
}

export class SegmentNotFound extends EnishiError {
  static readonly code = 'SEGMENT_NOT_FOUND';
  constructor(key: string) {
    super(SegmentNotFound.code, `There is no segment "${key}".`, { key });
  }
}

export class SegmentKeyTaken extends EnishiError {
  static readonly code = 'SEGMENT_KEY_TAKEN';
  constructor(key: string) {
    super(SegmentKeyTaken.code, `Another segment already has the key "${key}".`, { key });
  }
}

export class UnknownSource extends EnishiError {
  static readonly code = 'UNKNOWN_SOURCE';
  constructor(key: string) {
    super(UnknownSource.code, `There is no source "${key}".`, { key });
  }
}

export class UnknownDestination extends EnishiError {
  static readonly code = 'UNKNOWN_DESTINATION';
  constructor(key: string) {
    super(UnknownDestination.code, `There is no destination "${key}".`, { key });
  }
}

export class InvalidCursor extends EnishiError {
  static readonly code = 'INVALID_CURSOR';
  constructor(reason = 'it was not made by this list') {
    super(InvalidCursor.code, `The cursor cannot be used: ${reason}.`);
  }
}

export class NotAllowed extends EnishiError {
  static readonly code = 'NOT_ALLOWED';
  constructor(scope: string) {
    super(NotAllowed.code, `This key lacks the scope "${scope}".`, { scope });
  }
}

export class CustomerNotFound extends EnishiError {
  static readonly code = 'CUSTOMER_NOT_FOUND';
  constructor(id: string) {
    super(CustomerNotFound.code, `There is no customer "${id}".`, { id });
  }
}

export class InvalidIdentifier extends EnishiError {
  static readonly code = 'INVALID_IDENTIFIER';
  constructor(namespace: string, reason: string) {
    super(InvalidIdentifier.code, `This cannot identify anybody as "${namespace}": ${reason}.`, { namespace });
  }
}

export class LinkNotFound extends EnishiError {
  static readonly code = 'LINK_NOT_FOUND';
  constructor(id: string) {
    super(LinkNotFound.code, `There is no link "${id}".`, { id });
  }
}

export class DeliveryNotFound extends EnishiError {
  static readonly code = 'DELIVERY_NOT_FOUND';
  constructor(id: string) {
    super(DeliveryNotFound.code, `There is no delivery "${id}".`, { id });
  }
}

export class ProgramNotFound extends EnishiError {
  static readonly code = 'PROGRAM_NOT_FOUND';
  constructor(key: string) {
    super(ProgramNotFound.code, `There is no program "${key}".`, { key });
  }
}

export class ProgramKeyTaken extends EnishiError {
  static readonly code = 'PROGRAM_KEY_TAKEN';
  constructor(key: string) {
    super(ProgramKeyTaken.code, `Another program already has the key "${key}".`, { key });
  }
}

export class InvalidMessage extends EnishiError {
  static readonly code = 'INVALID_MESSAGE';
  constructor(violations: readonly Violation[]) {
    super(InvalidMessage.code, `The destination cannot send this message: ${listed(violations)}`, { violations });
  }
}

export class QuarantinedEventNotFound extends EnishiError {
  static readonly code = 'QUARANTINED_EVENT_NOT_FOUND';
  constructor(id: string) {
    super(QuarantinedEventNotFound.code, `There is no quarantined event "${id}".`, { id });
  }
}

export class ImportInputError extends EnishiError {
  static readonly code = 'IMPORT_INPUT';
  constructor(reason: string, details?: Readonly<Record<string, unknown>>) {
    super(ImportInputError.code, `The file cannot be imported: ${reason}.`, details);
  }
}

export class WorkspaceNotFound extends EnishiError {
  static readonly code = 'WORKSPACE_NOT_FOUND';
  constructor(key: string) {
    super(WorkspaceNotFound.code, `There is no workspace "${key}".`, { key });
  }
}

export class InvalidWorkspace extends EnishiError {
  static readonly code = 'INVALID_WORKSPACE';
  constructor(violations: readonly Violation[]) {
    super(InvalidWorkspace.code, `A workspace cannot be made of this: ${listed(violations)}`, { violations });
  }
}

export class InvalidKeyRequest extends EnishiError {
  static readonly code = 'INVALID_KEY_REQUEST';
  constructor(violations: readonly Violation[]) {
    super(InvalidKeyRequest.code, `A key cannot be made of this: ${listed(violations)}`, { violations });
  }
}

export class KeyNotFound extends EnishiError {
  static readonly code = 'KEY_NOT_FOUND';
  constructor(id: string) {
    super(KeyNotFound.code, `There is no key "${id}".`, { id });
  }
}

/** Nothing was stored: the same may be sent again after a moment. */
export class LineUnavailable extends EnishiError {
  static readonly code = 'LINE_UNAVAILABLE';
  constructor(reason: string, options?: { readonly cause?: unknown }) {
    super(LineUnavailable.code, `Events cannot be taken in now: ${reason}.`);
    if (options?.cause !== undefined) this.cause = options.cause;
  }
}

export class InvalidSegment extends EnishiError {
  static readonly code = 'INVALID_SEGMENT';
  constructor(violations: readonly Violation[]) {
    super(InvalidSegment.code, `A segment cannot be made of this: ${listed(violations)}`, { violations });
  }
}

export class PluginStateRefused extends EnishiError {
  static readonly code = 'PLUGIN_STATE_REFUSED';
  constructor(key: string, reason: string) {
    super(PluginStateRefused.code, `The state "${key.slice(0, 64)}" cannot be kept or read: ${reason}.`, { key });
  }
}

export class SecretKeyMissing extends EnishiError {
  static readonly code = 'SECRET_KEY_MISSING';
  constructor(plugin: string) {
    super(
      SecretKeyMissing.code,
      `Plugin "${plugin}" keeps secrets, and there is no key to encrypt them under: set ENISHI_SECRET_KEY (or secretKey in enishi.config.ts) to at least 32 random characters.`,
      { plugin },
    );
  }
}

export class InvalidOptions extends EnishiError {
  static readonly code = 'INVALID_OPTIONS';
  constructor(what: string, violations: readonly Violation[]) {
    super(InvalidOptions.code, `These are no options of ${what}: ${listed(violations)}`, { violations });
  }
}

export class BackfillNotFound extends EnishiError {
  static readonly code = 'BACKFILL_NOT_FOUND';
  constructor(id: string) {
    super(BackfillNotFound.code, `There is no backfill "${id}".`, { id });
  }
}

export class PreviewFailed extends EnishiError {
  static readonly code = 'PREVIEW_FAILED';
  constructor(reason: string) {
    super(PreviewFailed.code, `The destination could not render this: ${reason}`);
  }
}

export class AudienceNotReplaced extends EnishiError {
  static readonly code = 'AUDIENCE_NOT_REPLACED';
  constructor(reason: string) {
    super(AudienceNotReplaced.code, `The partner's audience was not replaced: ${reason}`);
  }
}
