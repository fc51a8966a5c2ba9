/** Why a customer entered or left a segment. */
export interface Cause {
  readonly kind: 'EVENT' | 'TIMER' | 'RULE' | 'LINK' | 'UNLINK';
  readonly eventId?: string;
  /** The type of that event. */
  readonly type?: string;
}

/** One customer entering or leaving a segment, at a time, for a cause. */
export interface Transition {
  readonly segmentId: number;
  readonly customerId: string;
  readonly change: 'ENTERED' | 'LEFT';
  readonly at: Date;
  readonly cause: Cause;
}
