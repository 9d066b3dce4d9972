import type { BusEvent } from './event.ts';

/** The sender lost events. */
export interface Gap {
  type: 'gap';
  /** Since when, in milliseconds since 1970. */
  since?: number | undefined;
}

/** What one process sends to the others. */
export interface Notification<Event = BusEvent | Gap> {
  /** The process that sent it, which ignores it. */
  from: string;
  event: Event;
}

/** Serialises a notification. */
export const writeNotification = <Event>({ from, event }: Notification<Event>): string =>
  JSON.stringify({ from, event });
