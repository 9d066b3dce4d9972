import {
  acceptRequest,
  blockPerson,
  clearGroup,
  declineRequest,
  findSuspension,
  type MessageGroup,
  type MessageStore,
  type MessageStoreReason,
  type Person,
  suspendPerson,
  unblockPerson,
  unsuspendPerson,
  updateGroupState,
} from '@cruddur/ddb';
import { expect } from 'vitest';
import { CrashError } from '../../../tests/support/faults.ts';
import type { ReachChange } from './history-actions.ts';

/** A part of the history, by its own counter. */
interface Span {
  begin: number;
  end: number;
}

interface SwitchAttempt extends Span {
  isOn: boolean;
  isAcknowledged: boolean;
}

/**
 * A fact that calls switch on and off, possibly at the same time. A call takes effect between its begin and its end or, if
 * it was not acknowledged, perhaps not at all. At first it is off.
 */
class Switch {
  readonly #attempts: SwitchAttempt[] = [];

  begin(isOn: boolean, begin: number): SwitchAttempt {
    const attempt = { isOn, begin, end: Number.POSITIVE_INFINITY, isAcknowledged: false };
    this.#attempts.push(attempt);
    return attempt;
  }

  /** Whether it is certainly on, or certainly off, during a whole span. */
  is(isOn: boolean, { begin, end }: Span): boolean {
    const isSince = (from: number) =>
      !this.#attempts.some((each) => each.isOn !== isOn && each.end > from && each.begin < end);
    const made = this.#attempts.filter((each) => each.isOn === isOn && each.isAcknowledged && each.end < begin);
    return made.some((each) => isSince(each.begin)) || (!isOn && isSince(Number.NEGATIVE_INFINITY));
  }

  wasTried(isOn: boolean): boolean {
    return this.#attempts.some((each) => each.isOn === isOn);
  }
}

/** Facts about two people in a direction, such as who blocks whom; or of the first person's state of their group. */
type Fact =
  | 'suspended'
  | 'blocks'
  | 'asks'
  | 'accepts'
  | 'declines'
  | 'cleared'
  | 'mutedUntil'
  | 'isPinned'
  | 'isMarkedUnread';
type FactSwitch = readonly [fact: Fact, isOn: boolean, from: string, to: string];

/** What a change switches. */
const SWITCHES: Record<ReachChange['what'], readonly (readonly [Fact, isOn: boolean])[]> = {
  block: [['blocks', true]],
  unblock: [['blocks', false]],
  accept: [['accepts', true]],
  decline: [['declines', true]],
  clear: [
    ['cleared', true],
    ['declines', true],
    ['isPinned', false],
    ['isMarkedUnread', false],
  ],
  mute: [['mutedUntil', true]],
  unmute: [['mutedUntil', false]],
  pin: [['isPinned', true]],
  unpin: [['isPinned', false]],
  markUnread: [['isMarkedUnread', true]],
  suspend: [['suspended', true]],
  unsuspend: [['suspended', false]],
};

/** Who can reach whom in a history, and how people changed their states of groups: what is certain of it, and when. */
export class Reach {
  #now = 0;
  readonly #switches = new Map<string, Switch>();

  #switch(fact: Fact, from: string, to: string): Switch {
    const key = fact === 'suspended' ? `${fact} ${from}` : `${fact} ${from} ${to}`;
    const found = this.#switches.get(key) ?? new Switch();
    this.#switches.set(key, found);
    return found;
  }

  /** Begins a call, and what it switches. It ends when `end` is called. */
  begin(switches: readonly FactSwitch[] = []) {
    const span: Span = { begin: ++this.#now, end: Number.POSITIVE_INFINITY };
    const attempts = switches.map(([fact, isOn, from, to]) => this.#switch(fact, from, to).begin(isOn, span.begin));
    const end = (isAcknowledged = false): void => {
      span.end = ++this.#now;
      for (const each of attempts) Object.assign(each, { end: span.end, isAcknowledged });
    };
    return { span, end };
  }

  /** Begins a send, which accepts a request of the recipient, and brings back what either has cleared. */
  beginSend(from: string, to: string, isRequest: boolean) {
    return this.begin([
      ['accepts', true, from, to],
      ['cleared', false, from, to],
      ['cleared', false, to, from],
      ...(isRequest ? [['asks', true, from, to] as const] : []),
    ]);
  }

  /** Whether a fact is certain during a span. */
  is(isOn: boolean, fact: Fact, from: string, to: string, span: Span): boolean {
    return this.#switch(fact, from, to).is(isOn, span);
  }

  wasTried(fact: Fact, from: string, to: string): boolean {
    return this.#switch(fact, from, to).wasTried(true);
  }

  /** Whether a call of one person to another during a span must be refused. */
  isClosed(from: string, to: string, span: Span): boolean {
    return this.isBlocked(from, to, span) || this.is(true, 'suspended', from, to, span);
  }

  isBlocked(one: string, other: string, span: Span): boolean {
    return this.is(true, 'blocks', one, other, span) || this.is(true, 'blocks', other, one, span);
  }

  /** Whether such a call may be refused for a reason. */
  mayRefuse(reason: MessageStoreReason, from: string, to: string, span: Span): boolean {
    if (reason === 'account_suspended') return !this.is(false, 'suspended', from, to, span);
    if (reason === 'request_pending') return this.#mayAsk(from, to, span) || this.#mayAsk(to, from, span);
    return reason === 'recipient_unavailable' && this.mayBlock(from, to, span);
  }

  mayBlock(one: string, other: string, span: Span): boolean {
    return !this.is(false, 'blocks', one, other, span) || !this.is(false, 'blocks', other, one, span);
  }

  #mayAsk(from: string, to: string, span: Span): boolean {
    return this.wasTried('asks', from, to) && !this.is(true, 'accepts', to, from, span);
  }

  /** Makes a change, in the group of the two if it needs one. */
  async attempt(change: ReachChange, people: Pair, group: string | undefined, store: MessageStore): Promise<void> {
    const [{ uuid: from }, { uuid: to }] = people;
    if (group === undefined && !/block|suspend/.test(change.what)) return;
    const call = this.begin(SWITCHES[change.what].map(([fact, isOn]) => [fact, isOn, from, to]));
    let isAcknowledged = false;
    try {
      isAcknowledged = await perform(change, people, group ?? '', store);
    } catch (error) {
      // A suspension that ends, or begins again, while it is written.
      const isOvertaken = error instanceof Error && error.message.endsWith('meanwhile');
      if (!(error instanceof CrashError) && !isOvertaken) throw error;
    } finally {
      call.end(isAcknowledged);
    }
  }

  /** Completes a suspension, or its end, that crashed or was overtaken: operators run the command again. */
  async completeSuspension(store: MessageStore, person: Person): Promise<void> {
    if (!this.wasTried('suspended', person.uuid, '')) return;
    const isSuspended = (await findSuspension(store, person.uuid)) !== undefined;
    const now = this.begin();
    now.end();
    expect(this.is(!isSuspended, 'suspended', person.uuid, '', now.span)).toBe(false);
    await (isSuspended ? suspendPerson : unsuspendPerson)(store, person, MODERATOR);
  }

  /** Checks a list's row of a group, which was read during a span. */
  checkRow(row: MessageGroup, owner: string, other: string, span: Span): void {
    const shown = {
      mutedUntil: row.mutedUntil !== null,
      isPinned: row.isPinned,
      isMarkedUnread: row.isMarkedUnread,
      blocks: row.isBlockedByMe,
    };
    for (const [fact, isOn] of Object.entries(shown)) {
      expect([fact, isOn, this.is(!isOn, fact as Fact, owner, other, span)]).toEqual([fact, isOn, false]);
    }
    expect(row.isRequest).toBe(false);
    expect(this.is(true, 'cleared', owner, other, span)).toBe(false);
    if (this.isBlocked(owner, other, span)) expect(row.canSend).toBe(false);
    else if (!this.mayBlock(owner, other, span) && !this.wasTried('asks', owner, other)) expect(row.canSend).toBe(true);
  }

  /** Whether a person's list may lack a group that has a message. */
  mayHide(owner: string, other: string): boolean {
    return (
      ['cleared', 'declines'].some((fact) => this.wasTried(fact as Fact, owner, other)) ||
      this.wasTried('asks', other, owner)
    );
  }
}

type Pair = readonly [Person, Person];

const MODERATOR = { by: 'operator', reason: 'spam' };

/** @returns whether it certainly took effect */
async function perform(
  { what }: ReachChange,
  [me, other]: Pair,
  messageGroupUuid: string,
  store: MessageStore,
): Promise<boolean> {
  const conversation = { messageGroupUuid, userUuid: me.uuid, otherUuid: other.uuid };
  const update = async (change: Parameters<typeof updateGroupState>[2]) => {
    await updateGroupState(store, conversation, change);
    return true;
  };
  switch (what) {
    case 'block':
      await blockPerson(store, { userUuid: me.uuid, other });
      return true;
    case 'unblock':
      await unblockPerson(store, { userUuid: me.uuid, other });
      return true;
    case 'accept':
      return acceptRequest(store, conversation);
    case 'decline':
      await declineRequest(store, conversation);
      return true;
    case 'clear':
      await clearGroup(store, conversation);
      return true;
    case 'suspend':
      await suspendPerson(store, me, MODERATOR);
      return true;
    case 'unsuspend':
      await unsuspendPerson(store, me, MODERATOR);
      return true;
    case 'mute':
    case 'unmute':
      return update({ mutedUntil: what === 'mute' ? 'always' : null });
    case 'pin':
    case 'unpin':
      return update({ isPinned: what === 'pin' });
    case 'markUnread':
      return update({ isMarkedUnread: true });
  }
}
