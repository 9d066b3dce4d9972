import { DEFAULT_GROUP_STATE } from '@cruddur/config';
import type { MessageGroup, MessageGroupState } from '../trpc/types.ts';
import { memoizeLast } from './memoize.ts';
import { compareTimes } from './pages.ts';

/** A conversation's state for one person. The other person has another one, and does not see this. */
export type GroupState = Omit<MessageGroupState, 'messageGroupUuid'>;

const FIELDS = Object.keys(DEFAULT_GROUP_STATE) as (keyof GroupState)[];

/** A state as the server last reported it. */
export interface KnownState {
  state: GroupState;
  /** When an event or an answer brought it, or when the reading of it began, by `performance.now()`. */
  asOf: number;
}

/** What the person has chosen, until the server has answered. */
export interface Choice {
  id: symbol;
  changes: Partial<GroupState>;
  /** The states that events have brought since. */
  events: readonly GroupState[];
}

/** Picks the state from a row, or from an event or an answer. */
function pickState(source: GroupState): GroupState {
  return Object.fromEntries(FIELDS.map((field) => [field, source[field]])) as unknown as GroupState;
}

export const isSameState = (one: GroupState, other: GroupState): boolean =>
  FIELDS.every((field) => one[field] === other[field]);

export function withChoices(state: GroupState, choices: readonly Choice[] = []): GroupState {
  return choices.length === 0 ? state : Object.assign({}, state, ...choices.map(({ changes }) => changes));
}

type States = { states: Readonly<Record<string, KnownState>>; choices: Readonly<Record<string, readonly Choice[]>> };

/** The time of a state that was never read. */
const NEVER = Number.NEGATIVE_INFINITY;

/** Applies states that were read. `since`: when the reading began; what is known to be newer stays. */
export function withReadStates<L extends States>(live: L, read: readonly MessageGroupState[], since: number): L {
  const news = read.filter(({ messageGroupUuid }) => since >= (live.states[messageGroupUuid]?.asOf ?? 0));
  return news.reduce((next, state) => withState(next, state, since), live);
}

/**
 * Applies a part of a state, which a message or a refusal has shown. If the page does not have the state, nothing else is known of it:
 * whatever is read replaces it.
 */
export function withPart<L extends States>(live: L, messageGroupUuid: string, part: Partial<GroupState>): L {
  const { state, asOf = NEVER } = live.states[messageGroupUuid] ?? {};
  const next = { ...DEFAULT_GROUP_STATE, ...state, ...part, messageGroupUuid };
  return withState(live, next, asOf === NEVER ? NEVER : performance.now());
}

export function withState<L extends States>(live: L, reported: MessageGroupState, asOf: number): L {
  const { messageGroupUuid } = reported;
  const known = live.states[messageGroupUuid]?.state;
  const state = known && isSameState(known, reported) ? known : pickState(reported);
  return { ...live, states: { ...live.states, [messageGroupUuid]: { state, asOf } } };
}

/** A group's state as the page shows it; `undefined` if the page does not have it. */
export function shownState({ states, choices }: States, messageGroupUuid: string): GroupState | undefined {
  const known = states[messageGroupUuid];
  return known && withChoices(known.state, choices[messageGroupUuid]);
}

/** A row with the newest known state. The same object if it has that already. */
export function withShownState(row: MessageGroup, { states, choices }: States): MessageGroup {
  return overlay(row, states[row.uuid]?.state, choices[row.uuid]);
}

const overlay = memoizeLast(
  (row: MessageGroup, state: GroupState | undefined, choices: readonly Choice[] | undefined): MessageGroup => {
    const shown = withChoices(state ?? row, choices);
    return isSameState(row, shown) ? row : { ...row, ...pickState(shown) };
  },
);

/** A row that another group's row displaced is up to so much later than its message, in milliseconds. */
const DISPLACED_MS = 1;

/** Whether the person has cleared everything that a row shows. */
export function isCleared({ clearedThrough, createdAt }: Pick<MessageGroup, 'clearedThrough' | 'createdAt'>): boolean {
  return clearedThrough !== null && Date.parse(createdAt) - Date.parse(clearedThrough) <= DISPLACED_MS;
}

/** The messages that the person has not cleared. The same object if there are no others. */
export function withoutCleared<M extends { createdAt: string }>(
  messages: readonly M[],
  clearedThrough: string | null | undefined,
): readonly M[] {
  if (clearedThrough == null) return messages;
  const kept = messages.filter(({ createdAt }) => compareTimes(createdAt, clearedThrough) > 0);
  return kept.length === messages.length ? messages : kept;
}

/**
 * Whether a mute has not ended yet: the server's answer may be older than its end.
 *
 * @param now - milliseconds since the epoch
 */
export function isMuted(mutedUntil: GroupState['mutedUntil'], now: number): boolean {
  return mutedUntil === 'always' || (mutedUntil !== null && Date.parse(mutedUntil) > now);
}

/** Whether messages of a conversation are not notified. */
export const isQuiet = ({ mutedUntil, isRequest, isBlockedByMe }: GroupState, now: number): boolean =>
  isRequest || isBlockedByMe || isMuted(mutedUntil, now);
