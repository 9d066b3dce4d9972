import type { Micros } from '@cruddur/ddb';
import { withoutClearedQuotes } from './cleared-quotes.ts';
import { type LiveEvent, toLiveEvent } from './live-event.ts';
import { createMissedReads, type MissedReadsOptions } from './missed-reads.ts';
import { isReliable } from './stream-position.ts';
import { createStreamProgress, type PositionedEvent } from './stream-progress.ts';
import type { MissedItem } from './streams.ts';

export interface LiveEventsOptions extends MissedReadsOptions {
  /** Where the client left off; undefined when it opens its first stream. */
  position: Micros | undefined;
}

/** Yields a person's events: first the missed messages, oldest first, then live events. Events may repeat. */
export async function* liveEvents(options: LiveEventsOptions): AsyncGenerator<PositionedEvent> {
  const { userUuid, stream, now } = options;
  const progress = createStreamProgress(options.position ?? now());
  const reads = createMissedReads(options);
  const send = (event: LiveEvent) => progress.send(event, stream.isHeard());

  try {
    await stream.ready;
    yield* sendMissed(await reads.catchUp(options.position));
    for await (const item of stream.queue) {
      if (item.type === 'gap') reads.scheduleCatchUp((isShared) => progress.openGap(item.since, isShared));
      else if (item.type === 'missed') yield* sendMissed(item);
      else yield send(await withoutClearedQuotes(options, toLiveEvent(item, userUuid)));
    }
  } finally {
    reads.stop();
  }

  function* sendMissed({ type, after, found, catchUp }: MissedItem): Generator<PositionedEvent> {
    const unsent = found.messages.filter(({ message }) => progress.isUnsent(message, after));
    if (catchUp) progress.expectRechecks(reads.scheduleRechecks({ type, after, found, catchUp }));
    else progress.endRecheck();
    for (const each of unsent) yield send({ type: 'message', ...each });
    if (!catchUp && found.isComplete) return;
    if (catchUp) progress.closeGap();
    const isComplete = found.isComplete && (catchUp?.from === undefined || isReliable(catchUp.from, catchUp.at));
    if (!isComplete) progress.skipTo(now());
    yield send({ type: 'caught_up', isComplete: isComplete && catchUp?.from !== undefined });
  }
}
