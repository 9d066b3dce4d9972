import type { BusEvent } from './event.ts';

/** What one process sends to the others. */
export interface Notification<Event = BusEvent | { type: 'gap' }> {
  /** The process that sent it, which ignores it. */
  from: string;
  /** `gap`: the sender lost events. */
  event: Event;
}

/** Serialises a notification. */
export const writeNotification = <Event>({ from, event }: Notification<Event>): string =>
  JSON.stringify({ from, event });
