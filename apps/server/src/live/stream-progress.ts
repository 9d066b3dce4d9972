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
    /** Until all gaps are closed, the position stays at the first one: a client that resumes misses nothing. */
    openGap(): Micros {
      if (openGaps++ === 0) gapStart = position;
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
    send(event: LiveEvent): PositionedEvent {
      if (event.type === 'message') {
        if (pendingRechecks > 0) sentUuids.add(event.message.uuid);
        position = micros(Math.max(position, parseTime(event.message.createdAt) ?? 0));
      }
      return { position: openGaps > 0 ? gapStart : position, event };
    },
  };
}
