import { getTRPCErrorFromUnknown } from '@trpc/server';
import { reasonOf } from './reason-of.ts';
import { fieldsOf, millisecondsSince, type RequestRecord } from './request-record.ts';
import type { TelemetryParts } from './telemetry.ts';

/** The lines and measures of streams. */
export function observeStreams({ instruments }: TelemetryParts) {
  /**
   * Passes a stream's events on. A line at the first event, which tells that the stream stands, and one at the end:
   * how long, how many events, how many units.
   */
  async function* observeStream<T>(
    record: RequestRecord,
    source: AsyncGenerator<T, void, undefined>,
  ): AsyncGenerator<T, void, undefined> {
    const started = performance.now();
    let events = 0;
    let reason: string | undefined;
    record.isStream = true;
    try {
      for (;;) {
        const step = await source.next();
        if (step.done) return;
        if (events === 0) record.log({ ms: millisecondsSince(started), ...fieldsOf(record) }, 'stream opened');
        events++;
        yield step.value;
      }
    } catch (error) {
      reason = reasonOf(getTRPCErrorFromUnknown(error));
      record.reasons.push(reason);
      throw error;
    } finally {
      await source.return();
      record.log({ ms: millisecondsSince(started), events, ...fieldsOf(record) }, 'stream ended');
      const labels = reason === undefined ? {} : { 'error.type': reason };
      instruments.streams.record((performance.now() - started) / 1000, labels);
    }
  }
  return { observeStream };
}
