import type { BusEvent } from '@cruddur/bus';

/** Receives the events of all instances, including its own. */
export interface BusListener {
  /** @param recipients - the people whose streams here are to receive the event */
  onEvent: (event: BusEvent, recipients: readonly string[]) => void;
  /**
   * Events may have been lost until now. Subscribers catch up from the table.
   *
   * @param isAffected - whether the events of a person may have been lost; all people's, if it is absent
   * @param since - since when, in milliseconds since 1970: streams may have received later events; now, if it is absent
   */
  onGap: (isAffected?: (userUuid: string) => boolean, since?: number) => void;
  /** Whether a person has an open stream here. Events for others are not read from the table. */
  hasStreams: (userUuid: string) => boolean;
}

/** The events of a person, as long as streams of theirs are open here. */
export interface Following {
  /**
   * Resolves when the instance receives the person's events. After a second it resolves in any case: a gap follows once
   * the events arrive.
   */
  ready: Promise<void>;
  /** Whether events of other instances arrive now. If not, a gap follows. */
  isHeard: () => boolean;
  /** Ends it. Call it once. */
  end: () => void;
}

/** Carries events between server instances, and stores none: the table is the log. */
export interface EventBus {
  /**
   * Sends an event to every instance. Resolves when all have it. If the bus is down, only this instance has it, and the
   * others receive a gap when it is back. Never rejects.
   */
  publish: (event: BusEvent) => Promise<void>;
  /** Returns a function that ends the subscription. */
  subscribe: (listener: BusListener) => () => void;
  /** Asks for a person's events. Several calls for one person are counted. */
  follow: (userUuid: string) => Following;
  /** Connects. Without a connection, only this instance's own events are delivered. */
  start: () => void;
  close: () => Promise<void>;
}
