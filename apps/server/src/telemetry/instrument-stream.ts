import { getTRPCErrorFromUnknown } from '@trpc/server';
import { reasonOf } from '../errors.ts';
import type { Instruments } from './instruments.ts';
import { fieldsOf, millisecondsSince, type RequestRecord } from './request-record.ts';

/**
 * Passes a stream's events on. Logs one line at the first event and one at the end, with duration, events and units, and
 * records the duration.
 */
export async function* instrumentStream<T>(
  instruments: Instruments,
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
