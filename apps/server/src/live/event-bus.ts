import type { BusEvent } from './bus-event.ts';

/** What a server instance hears from all instances, itself among them. */
export interface BusListener {
  onEvent: (event: BusEvent) => void;
  /** Events may have been lost up to this moment: whoever relies on them reads the table. */
  onGap: () => void;
  /** Whether somebody has a stream open here: what is for nobody here is not read from the table. */
  hasStreams: (userUuid: string) => boolean;
}

/** Carries events between server instances. It keeps nothing: the table is the log. */
export interface EventBus {
  /**
   * Tells every instance. Resolves when all have been told, or when the bus is away: then this instance alone has been,
   * and the others hear of a gap as soon as it is back. Never rejects.
   */
  publish: (event: BusEvent) => Promise<void>;
  /** Hears events from now on; the function given back ends it. */
  subscribe: (listener: BusListener) => () => void;
  /** Connects. Until then, and while the connection is lost, only this instance's own events are heard. */
  start: () => void;
  close: () => Promise<void>;
}
