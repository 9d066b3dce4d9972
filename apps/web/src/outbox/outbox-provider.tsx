import { type ReactNode, useEffect, useState } from 'react';
import { v7 } from 'uuid';
import { useContact } from '../trpc/contact-context.ts';
import type { ServerClock } from '../trpc/server-clock.ts';
import type { ServerContact } from '../trpc/server-contact.ts';
import { trpc } from '../trpc/trpc.ts';
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

/** Sends one person's messages from every page, and keeps their drafts. */
export function OutboxProvider({ children, ...parts }: OutboxParts & { children: ReactNode }) {
  const { mutateAsync } = trpc.messages.create.useMutation();
  const contact = useContact();
  const [{ value, sender, written }] = useState(() => createParts({ ...parts, contact }, mutateAsync));
  useAcknowledged(value);
  useSending(value, sender, contact);
  // Signed out and in again while this tab was asleep: nothing that it holds is of the new session.
  useEffect(() => written.follow(() => window.location.reload()), [written]);
  return <OutboxContext value={value}>{children}</OutboxContext>;
}

function createParts(
  { userId, clock, local, contact }: OutboxParts & { contact: ServerContact },
  createMessage: (input: CreateMessageInput) => Promise<Message>,
): { value: OutboxValue; sender: OutboxSender; written: Written } {
  const written = openWritten(local);
  const store = createOutboxStore(written.store, userId);
  const drafts = createDrafts(written.store, userId, Date.now);
  const sender = createOutboxSender({
    store,
    send: (item) => sendItem(createMessage, item),
    exclusively: (work) => exclusively(`cruddur:outbox:${userId}`, work),
    isOnline: () => contact.state() !== 'offline',
    schedule,
    newId,
    deviceNow: Date.now,
    report: (error) => console.error('The outbox failed.', error),
  });
  const outbox = createOutbox({
    store,
    sender,
    newId,
    now: clock.now,
    deviceNow: Date.now,
  });
  return { value: { outbox, store, drafts }, sender, written };
}

/** A version 7 UUID: the server reads its time, and refuses one from its future. */
const newId = (at: number) => v7({ msecs: Math.floor(at) });

/** Runs the work while no other tab runs any of that name. Browsers have Web Locks on https and localhost only. */
async function exclusively(name: string, work: () => Promise<void>): Promise<void> {
  if (!('locks' in navigator)) return work();
  await navigator.locks.request(name, work);
}

/** Sends when something is written, when the server is reached again, and when the page gets focus. */
function useSending({ store }: OutboxValue, sender: OutboxSender, contact: ServerContact): void {
  useEffect(() => {
    const wakeNow = () => sender.wake(true);
    const unsubscribe = store.subscribe(() => sender.wake());
    const stopListening = contact.subscribe(() => {
      if (contact.state() === 'ok') wakeNow();
    });
    window.addEventListener('focus', wakeNow);
    sender.start();
    return () => {
      unsubscribe();
      stopListening();
      window.removeEventListener('focus', wakeNow);
      sender.stop();
    };
  }, [sender, store, contact]);
}
