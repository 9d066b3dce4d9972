import { type Message, type Micros, micros, parseTime } from '@cruddur/ddb';
import type { LiveEvent } from './live-event.ts';

/** An event with the position of its stream after it. */
export interface PositionedEvent {
  position: Micros;
  event: LiveEvent;
}

/** Tracks the position of one stream, and the messages that it sent since its last catch-up. */
export function createStreamProgress(start: Micros) {
  let position = start;
  let gapStart = start;
  let openGaps = 0;
  let pendingRechecks = 0;
  const sentUuids = new Set<string>();

  return {
    /**
     * Until all gaps are closed, the position stays at the earliest: a client that resumes misses nothing.
     *
     * @param since - when the gap began. Absent: after the position.
     * @param isShared - whether the catch-up of an open gap closes this one as well
     * @returns from where to catch up
     */
    openGap(since: Micros | undefined, isShared: boolean): Micros {
      const start = openGaps === 0 ? position : gapStart;
      gapStart = since === undefined ? start : micros(Math.min(start, since));
      if (!isShared) openGaps++;
      return gapStart;
    },
    closeGap(): void {
      openGaps = Math.max(0, openGaps - 1);
    },
    skipTo(to: Micros): void {
      position = to;
    },
    expectRechecks(count: number): void {
      pendingRechecks += count;
    },
    endRecheck(): void {
      if (--pendingRechecks === 0) sentUuids.clear();
    },
    isUnsent(message: Message, after: Micros): boolean {
      return !sentUuids.has(message.uuid) && (parseTime(message.createdAt) ?? 0) > after;
    },
    /** @param isHeard - whether nothing is being missed. Otherwise the position stays. */
    send(event: LiveEvent, isHeard: boolean): PositionedEvent {
      if (event.type === 'message') {
        if (pendingRechecks > 0) sentUuids.add(event.message.uuid);
        if (isHeard) position = micros(Math.max(position, parseTime(event.message.createdAt) ?? 0));
      }
      return { position: openGaps > 0 ? gapStart : position, event };
    },
  };
}
