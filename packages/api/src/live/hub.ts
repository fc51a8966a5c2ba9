import { type Caller, encodeCursor, type Feed } from '@enishi/core';
import type { Executor, Stream } from './execution.ts';
import { Group } from './group.ts';
import type { Outbox } from './outbox.ts';
import type { Question } from './question.ts';
import { Subscriber } from './subscriber.ts';

export interface HubOptions {
  readonly feed: Feed;
  readonly executor: Executor;
  /** Bytes of recent messages each group keeps for those who come back. */
  readonly memory: number;
  readonly onFailure: (error: unknown) => void;
}

export interface Client {
  readonly id: string;
  readonly caller: Caller;
  readonly outbox: Outbox;
}

interface Beginning {
  readonly group: Group;
  readonly question: Question;
  readonly caller: Caller;
}

/** Brings subscribers to their groups: at once where they want only what comes, else after what they asked for first. */
export class Hub {
  readonly #options: HubOptions;
  readonly #groups = new Map<string, Group>();
  readonly counts = { subscriptions: 0, catchingUp: 0, resumed: 0 };

  constructor(options: HubOptions) {
    this.#options = options;
  }

  get groups(): number {
    return this.#groups.size;
  }

  /** Throws what the client may be told: that it may not, that there is no such segment, that the cursor is no good. */
  async subscribe(question: Question, { id, caller, outbox }: Client): Promise<Subscriber> {
    const group = this.#groupOf(question, caller);
    this.counts.subscriptions += 1;
    const subscriber = new Subscriber({
      id,
      outbox,
      onResume: () => {
        this.counts.resumed += 1;
      },
      onEnd: (gone) => {
        this.counts.subscriptions -= 1;
        group.leave(gone);
      },
    });
    try {
      await this.#begin(subscriber, { group, question, caller });
      return subscriber;
    } catch (error) {
      subscriber.end();
      throw error;
    }
  }

  async #begin(subscriber: Subscriber, beginning: Beginning): Promise<void> {
    const { group, question, caller } = beginning;
    const { feed, executor } = this.#options;
    const shared = await group.enter();
    if (question.ownBeginning) {
      const own = await executor.open(question, caller);
      void this.#catchUp(subscriber, own, beginning);
    } else if (shared.replaces) {
      group.joinAtLast(subscriber);
    } else if (shared.fromNow) {
      group.joinFromNow(subscriber);
    } else {
      group.pin();
      try {
        // Read now, not taken from the group, which may not have heard yet of what this client just did.
        const head = await feed.head(caller.workspace.id);
        subscriber.startAt(encodeCursor(caller.workspace, { seq: head }));
        group.join(subscriber, head);
      } finally {
        group.unpin();
      }
    }
  }

  /** Runs for this subscriber alone, at its pace, until the group remembers everything that it has not been sent. */
  async #catchUp(subscriber: Subscriber, own: Stream, { group, question, caller }: Beginning): Promise<void> {
    const { executor, onFailure } = this.#options;
    this.counts.catchingUp += 1;
    void subscriber.ended.then(() => own.return());
    try {
      while (subscriber.open) {
        if (group.closed) return subscriber.resume('The stream was interrupted');
        if (own.settled && group.reaches(own.position)) return group.join(subscriber, own.position);
        const payloads = await own.pull();
        if (payloads === undefined) return subscriber.end();
        for await (const messages of executor.answer(payloads, question, caller)) await subscriber.sendPaced(messages);
      }
    } catch (error) {
      onFailure(error);
      subscriber.resume('The stream was interrupted');
    } finally {
      this.counts.catchingUp -= 1;
      await own.return();
    }
  }

  #groupOf(question: Question, caller: Caller): Group {
    const key = `${rightsOf(caller)} ${question.shared.key}`;
    const known = this.#groups.get(key);
    if (known && !known.closed) return known;
    const { executor, memory, onFailure } = this.#options;
    const { document, variables } = question.shared;
    const group: Group = new Group({
      executor,
      execution: { document, variables, operationName: question.operationName },
      caller,
      memory,
      onFailure,
      onClose: () => {
        if (this.#groups.get(key) === group) this.#groups.delete(key);
      },
    });
    this.#groups.set(key, group);
    return group;
  }
}

/** What may make an answer differ between two callers who ask the same. */
export const rightsOf = ({ workspace, role, purpose, scopes }: Caller): string =>
  JSON.stringify([workspace.id, role, purpose, [...scopes].sort()]);
