import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { TRPCClientError } from '@trpc/client';
import { type ReactNode, useEffect, useState } from 'react';
import { v7 } from 'uuid';
import { newestCopy, receiveChange, receiveMessage } from '../cache/edits.ts';
import { type GroupState, withPart } from '../cache/group-state.ts';
import { editLive } from '../cache/live-state.ts';
import { BY_CURSOR } from '../cache/pages.ts';
import { useMyself } from '../session/me-context.ts';
import { AT_ONCE } from '../trpc/at-once-link.ts';
import type { ServerClock } from '../trpc/server-clock.ts';
import { type ServerContact, useContact } from '../trpc/server-contact.ts';
import { trpcKeys, useTRPC, useTRPCClient } from '../trpc/trpc.ts';
import type { CreateMessageInput, Message } from '../trpc/types.ts';
import type { LocalStore } from '../ui/local-store.ts';
import { schedule } from '../ui/timers.ts';
import { failedOutcome, type SendOutcome } from './attempt.ts';
import { createChangeStore } from './change-store.ts';
import { type Changes, createChanges } from './changes.ts';
import { createDrafts } from './drafts.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import { OutboxContext, type OutboxValue } from './outbox-context.ts';
import type { OutboxItem, SendFailure } from './outbox-item.ts';
import { createOutboxStore } from './outbox-store.ts';
import { type MessagesApi, sendChange } from './send-change.ts';
import type { SendingDeps } from './sender.ts';
import { openUnsentStorage } from './unsent-storage.ts';

interface OutboxOptions {
  userId: string;
  clock: ServerClock;
  local: LocalStore;
  /** Called when the server refuses the token. */
  onSessionOver: () => void;
}

/** Sends one person's messages and changes from every page, and keeps their drafts. */
export function OutboxProvider({ children, ...options }: OutboxOptions & { children: ReactNode }) {
  // Not a mutation of TanStack Query, which calls a few microtasks later: by then React renders.
  const { messages } = useTRPCClient();
  const contact = useContact();
  const client = useQueryClient();
  const me = useMyself();
  const [{ value, outbox, changes, unsent }] = useState(() =>
    openOutbox({ ...options, contact, messages, client, myUuid: me.uuid }),
  );
  useShowSent(value);
  useShowDone(value);
  useSending(outbox, contact);
  useSending(changes, contact);
  useEffect(() => {
    window.addEventListener('pagehide', changes.flush);
    return () => window.removeEventListener('pagehide', changes.flush);
  }, [changes]);
  // People signed out and in again while this tab was asleep: its content does not belong to the new session.
  useEffect(() => unsent.follow(() => window.location.reload()), [unsent]);
  return <OutboxContext value={value}>{children}</OutboxContext>;
}

interface Opened extends OutboxOptions {
  contact: ServerContact;
  messages: MessagesApi;
  client: QueryClient;
  myUuid: string;
}

function openOutbox({ userId, clock, local, contact, messages, client, myUuid, onSessionOver }: Opened) {
  const unsent = openUnsentStorage(local);
  const store = createOutboxStore(unsent.store, userId);
  const changeStore = createChangeStore(unsent.store, userId);
  const sending = (lock: string): SendingDeps => ({
    // Browsers have Web Locks on https and localhost only.
    exclusively: (work) => ('locks' in navigator ? navigator.locks.request(`cruddur:${lock}:${userId}`, work) : work()),
    isOnline: () => contact.state() !== 'offline',
    schedule,
  });
  const endingSession = async <Outcome extends { kind: string }>(outcome: Promise<Outcome>) => {
    if ((await outcome).kind === 'signed_out') onSessionOver();
    return outcome;
  };
  const outbox = createOutbox({
    ...sending('outbox'),
    store,
    send: async (item) => {
      const outcome = await endingSession(sendMessage(messages, item));
      const group = 'messageGroupUuid' in item.target ? item.target.messageGroupUuid : undefined;
      if (outcome.kind === 'failed') learnRefusal(client, group, outcome.failure);
      return outcome;
    },
    // A version 7 UUID: the server reads its time, and refuses one from its future.
    newId: (at) => v7({ msecs: Math.floor(at) }),
    now: clock.now,
    deviceNow: Date.now,
  });
  const changes = createChanges({
    ...sending('changes'),
    store: changeStore,
    send: async (item) => {
      const outcome = await endingSession(sendChange(messages, item));
      // A change is refused as `request_pending` to the recipient, who can write.
      if (outcome.kind === 'failed' && outcome.failure.reason !== 'request_pending')
        learnRefusal(client, item.messageGroupUuid, outcome.failure);
      return outcome;
    },
    show: (message) => void receiveChange(client, myUuid, message),
    newest: ({ messageUuid: uuid, messageGroupUuid }) => newestCopy(client, { uuid, messageGroupUuid }),
    deviceNow: Date.now,
  });
  const drafts = createDrafts(unsent.store, userId, Date.now);
  const value: OutboxValue = { outbox, store, changes, changeStore, drafts };
  return { value, outbox, changes, unsent };
}

async function sendMessage(
  messages: MessagesApi,
  { clientMessageUuid, message, replyTo, target }: OutboxItem,
): Promise<SendOutcome> {
  const quoted = replyTo && { replyTo: { messageUuid: replyTo.uuid, createdAt: replyTo.createdAt } };
  const input: CreateMessageInput = { clientMessageUuid, message, ...target, ...quoted };
  try {
    return { kind: 'sent', message: await messages.create.mutate(input, { context: AT_ONCE }) };
  } catch (error) {
    // A bug: log it, and retry the message later.
    if (!(error instanceof TRPCClientError)) console.error('A message could not be sent.', error);
    return failedOutcome(error);
  }
}

/** Only a refusal shows that the other person blocks. */
function learnRefusal(client: QueryClient, group: string | undefined, { reason }: SendFailure): void {
  if (reason === 'account_suspended') void client.invalidateQueries(trpcKeys.users.settings.pathFilter());
  if (group === undefined) return;
  const learn = (part: Partial<GroupState>) => editLive(client, (live) => withPart(live, group, part));
  if (reason === 'recipient_unavailable') learn({ canSend: false });
  if (reason === 'request_pending') learn({ canSend: false, awaitsAcceptance: true });
}

/** Applies acknowledged messages to the caches, whichever tab sent them. */
function useShowSent({ store, drafts }: OutboxValue): void {
  const client = useQueryClient();
  const trpc = useTRPC();
  const me = useMyself();
  useEffect(() => {
    const openGroup = async (handle: string, messageGroupUuid: string) => {
      // While the list is not loaded, the page finds the group by this query.
      void client.invalidateQueries(trpc.messageGroups.find.pathFilter());
      await client.prefetchInfiniteQuery(trpc.messages.list.infiniteQueryOptions({ messageGroupUuid }, BY_CURSOR));
      drafts.move({ handle }, { messageGroupUuid });
      store.retarget(handle, messageGroupUuid);
    };
    const show = async ({ target, person }: OutboxItem, sent: Message) => {
      try {
        receiveMessage(client, me.uuid, sent, 'handle' in target ? person : undefined);
      } finally {
        // Also after a bug in an edit: otherwise the page would soon show an empty conversation.
        if ('handle' in target) await openGroup(target.handle, sent.messageGroupUuid);
      }
    };
    const shown = new Set<string>();
    return store.subscribe(() => {
      for (const item of store.items()) {
        if (item.sent === null || shown.has(item.clientMessageUuid)) continue;
        shown.add(item.clientMessageUuid);
        show(item, item.sent).catch((error) => console.error('A sent message could not be shown.', error));
      }
    });
  }, [store, drafts, client, trpc, me.uuid]);
}

/** Applies the changes that other tabs have sent. Those of this tab are applied already. */
function useShowDone({ changeStore }: OutboxValue): void {
  const client = useQueryClient();
  const me = useMyself();
  useEffect(() => {
    const shown = new Set<string>();
    return changeStore.subscribe(() => {
      for (const { done } of changeStore.items()) {
        const version = done && `${done.uuid} ${done.version}`;
        if (version === null || shown.has(version)) continue;
        shown.add(version);
        receiveChange(client, me.uuid, done as Message);
      }
    });
  }, [changeStore, client, me.uuid]);
}

/** Sends while the page is open. Wakes the outbox when the server is reached and when the page gets the focus. */
function useSending(outbox: Pick<Outbox | Changes, 'start' | 'wake' | 'stop'>, contact: ServerContact): void {
  useEffect(() => {
    const stopListening = contact.subscribe(() => {
      if (contact.state() === 'ok') outbox.wake();
    });
    window.addEventListener('focus', outbox.wake);
    outbox.start();
    return () => {
      stopListening();
      window.removeEventListener('focus', outbox.wake);
      outbox.stop();
    };
  }, [outbox, contact]);
}
