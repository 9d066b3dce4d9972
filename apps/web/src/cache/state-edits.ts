import type { QueryClient } from '@tanstack/react-query';
import { trpcKeys } from '../trpc/trpc.ts';
import type { Message, MessageGroup, MessageGroupState } from '../trpc/types.ts';
import { countRequest } from './edits.ts';
import { type GroupState, isSameState, shownState, withoutCleared, withReadStates, withState } from './group-state.ts';
import { heldRow } from './held.ts';
import { putGroups } from './lists.ts';
import { editLive, getLive, type LiveState } from './live-state.ts';
import type { Page, Pages } from './pages.ts';
import { withRead } from './signal-edits.ts';

// A conversation's state has no version. What an event or an answer brings is newer than the known state. What a query
// read is newer if the query began later. Rows show the newest known state, in all lists.

/**
 * Applies a state that an event or an answer brought.
 *
 * @param settle - a further edit of the live state, so that the page renders once
 */
export function receiveState(
  client: QueryClient,
  state: MessageGroupState,
  settle: (live: LiveState) => LiveState = (live) => withEvent(live, state),
): void {
  const { messageGroupUuid: group, clearedThrough } = state;
  const before = getLive(client).states[group]?.state;
  const row = heldRow(client, group);
  editLive(client, (live) => {
    const next = withState(withHeldRow(settle(live), row), state, performance.now());
    return clearedThrough === null ? next : withoutClearedMessages(withRead(next, group, clearedThrough), state);
  });
  if (clearedThrough !== null) dropCleared(client, group, clearedThrough);
  countRequest(client, before?.isRequest, state.isRequest);
  if (row === undefined) readLists(client, state, before);
}

function withEvent(live: LiveState, { messageGroupUuid, ...state }: MessageGroupState): LiveState {
  const waiting = live.choices[messageGroupUuid];
  if (waiting === undefined) return live;
  const choices = waiting.map((choice) => ({ ...choice, events: [...choice.events, state] }));
  return { ...live, choices: { ...live.choices, [messageGroupUuid]: choices } };
}

/** Applies states that were read. `since`: when the reading began, by `performance.now()`. */
export function receiveReadStates(client: QueryClient, states: readonly MessageGroupState[], since: number): void {
  editLive(client, (live) => withReadStates(live, states, since));
}

function withoutClearedMessages(live: LiveState, { messageGroupUuid, clearedThrough }: MessageGroupState): LiveState {
  const known = live.messages[messageGroupUuid] ?? [];
  const kept = withoutCleared(known, clearedThrough);
  return kept === known ? live : { ...live, messages: { ...live.messages, [messageGroupUuid]: kept } };
}

/** So that every list has the row: it may belong in another one now. */
const withHeldRow = (live: LiveState, row: MessageGroup | undefined): LiveState =>
  row ? { ...live, groups: putGroups(live.groups, [row]) } : live;

/** A group that is not loaded may belong among those that are, or be counted differently. */
function readLists(
  client: QueryClient,
  { isRequest, isPinned }: MessageGroupState,
  before: GroupState | undefined,
): void {
  void client.invalidateQueries(trpcKeys.messageGroups.counts.pathFilter());
  // A request comes with its message.
  if (isRequest || (before?.isRequest === false && !isPinned)) return;
  void client.invalidateQueries(trpcKeys.messageGroups.list.pathFilter());
}

/** Removes what the person has cleared from the thread's loaded pages. */
function dropCleared(client: QueryClient, messageGroupUuid: string, clearedThrough: string): void {
  const queryKey = trpcKeys.messages.list.infiniteQueryKey({ messageGroupUuid });
  client.setQueriesData<Pages<Message>>({ queryKey }, (data) => {
    if (data === undefined) return data;
    const pages = data.pages.map((page) => withoutClearedItems(page, clearedThrough));
    return pages.some((page, index) => page !== data.pages[index]) ? { ...data, pages } : data;
  });
}

/** Without a cursor to older messages, which are cleared too. */
function withoutClearedItems(page: Page<Message>, clearedThrough: string): Page<Message> {
  const items = withoutCleared(page.items, clearedThrough);
  return items === page.items ? page : { ...page, items: [...items], nextCursor: null };
}

/** Shows what the person has chosen, until {@link settleChoice}. Returns the choice's id, or `undefined` if nothing changes. */
export function choose(
  client: QueryClient,
  messageGroupUuid: string,
  changes: Partial<GroupState>,
): symbol | undefined {
  const shown = shownState(getLive(client), messageGroupUuid);
  const fields = Object.keys(changes) as (keyof GroupState)[];
  if (shown && fields.length > 0 && fields.every((field) => shown[field] === changes[field])) return undefined;
  const id = Symbol(messageGroupUuid);
  const row = heldRow(client, messageGroupUuid);
  editLive(client, (live) => {
    const choices = [...(live.choices[messageGroupUuid] ?? []), { id, changes, events: [] }];
    return { ...withHeldRow(live, row), choices: { ...live.choices, [messageGroupUuid]: choices } };
  });
  return id;
}

/**
 * Ends a choice: applies the server's answer, or rolls the choice back if there is none. The server publishes each answer first: one
 * that has come as an event is older than the events after it.
 */
export function settleChoice(
  client: QueryClient,
  messageGroupUuid: string,
  id: symbol,
  answer: MessageGroupState | null,
): void {
  const settle = (live: LiveState) => {
    const { [messageGroupUuid]: waiting = [], ...others } = live.choices;
    const left = waiting.filter((choice) => choice.id !== id);
    return { ...live, choices: left.length === 0 ? others : { ...others, [messageGroupUuid]: left } };
  };
  const { events = [] } = getLive(client).choices[messageGroupUuid]?.find((choice) => choice.id === id) ?? {};
  if (answer && !events.some((event) => isSameState(event, answer))) receiveState(client, answer, settle);
  else editLive(client, settle);
}
