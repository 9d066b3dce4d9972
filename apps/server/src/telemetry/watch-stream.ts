import type { TRPCError } from '@trpc/server';
import { reasonOf } from '../errors.ts';
import type { Instruments } from './instruments.ts';
import { fieldsOf, millisecondsSince, type RequestRecord } from './request-record.ts';

/** Logs one line at a stream's first event and one at its end, with duration, events and units, and records the duration. */
export function watchStream(instruments: Instruments, record: RequestRecord) {
  const started = performance.now();
  let events = 0;
  let reason: string | undefined;
  record.isStream = true;
  return {
    onEvent(): void {
      if (events++ === 0) record.log({ ms: millisecondsSince(started), ...fieldsOf(record) }, 'stream opened');
    },
    onError(error: TRPCError): void {
      reason = reasonOf(error);
      record.reasons.push(reason);
    },
    onEnd(): void {
      record.log({ ms: millisecondsSince(started), events, ...fieldsOf(record) }, 'stream ended');
      const labels = reason === undefined ? {} : { 'error.type': reason };
      instruments.streams.record((performance.now() - started) / 1000, labels);
    },
  };
}
