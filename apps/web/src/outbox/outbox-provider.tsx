import { type ReactNode, useEffect, useState } from 'react';
import { createMessageIdSource } from '../messages/message-id.ts';
import { useCreateMessage } from '../messages/use-create-message.ts';
import type { ServerClock } from '../trpc/server-clock.ts';
import type { CreateMessageInput, Message } from '../trpc/types.ts';
import type { LocalStore } from '../ui/local-store.ts';
import { schedule } from '../ui/schedule.ts';
import { createDrafts } from './drafts.ts';
import { createOutbox } from './outbox.ts';
import { OutboxContext, type OutboxValue } from './outbox-context.ts';
import { createOutboxSender, type OutboxSender } from './outbox-sender.ts';
import { createOutboxStore } from './outbox-store.ts';
import { sendItem } from './send-item.ts';
import { useAcknowledged } from './use-acknowledged.ts';
import { openWritten, type Written } from './written.ts';

interface OutboxParts {
  userId: string;
  clock: ServerClock;
  local: LocalStore;
}

/** Sends one person's messages, whatever page is open, and keeps their drafts. */
export function OutboxProvider({ children, ...parts }: OutboxParts & { children: ReactNode }) {
  const { mutateAsync } = useCreateMessage(parts.clock.now);
  const [{ value, sender, written }] = useState(() => createParts(parts, mutateAsync));
  useAcknowledged(value);
  useSending(value, sender);
  // Signed out and in again while this tab was asleep: nothing that it holds is of the new session.
  useEffect(() => written.follow(() => window.location.reload()), [written]);
  return <OutboxContext value={value}>{children}</OutboxContext>;
}

function createParts(
  { userId, clock, local }: OutboxParts,
  createMessage: (input: CreateMessageInput) => Promise<Message>,
): { value: OutboxValue; sender: OutboxSender; written: Written } {
  const written = openWritten(local);
  const store = createOutboxStore(written.store, userId);
  const drafts = createDrafts(written.store, userId, Date.now);
  const sender = createOutboxSender({
    store,
    send: (item) => sendItem(createMessage, item),
    exclusively: (work) => exclusively(`cruddur:outbox:${userId}`, work),
    isOnline: () => navigator.onLine,
    schedule,
  });
  const outbox = createOutbox({
    store,
    sender,
    nextId: createMessageIdSource(clock.now),
    now: clock.now,
    deviceNow: Date.now,
  });
  return { value: { outbox, store, drafts }, sender, written };
}

/** Runs the work while no other tab runs one of that name. Web Locks are there on https and localhost alone. */
async function exclusively(name: string, work: () => Promise<void>): Promise<void> {
  if (!('locks' in navigator)) return work();
  await navigator.locks.request(name, work);
}

/** Sends while the page is open: when something is written, when the network returns, when the page is looked at. */
function useSending({ store }: OutboxValue, sender: OutboxSender): void {
  useEffect(() => {
    const wakeNow = () => sender.wake(true);
    const unsubscribe = store.subscribe(() => sender.wake());
    window.addEventListener('online', wakeNow);
    window.addEventListener('focus', wakeNow);
    sender.start();
    return () => {
      unsubscribe();
      window.removeEventListener('online', wakeNow);
      window.removeEventListener('focus', wakeNow);
      sender.stop();
    };
  }, [sender, store]);
}
