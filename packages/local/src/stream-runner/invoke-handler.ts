import type { _Record } from '@aws-sdk/client-dynamodb-streams';
import { createLambdaContext, toStreamEvent } from './event.ts';
import { type Outcome, readOutcome } from './outcome.ts';
import type { StreamRun } from './run.ts';

/** Calls the handler with a batch and reads what became of it. */
export async function invokeHandler(
  run: Pick<StreamRun, 'handler' | 'functionName' | 'log' | 'signal'>,
  streamArn: string,
  records: readonly _Record[],
): Promise<Outcome> {
  // A stopped run hands nothing more over: what was not handled yet is read again next time.
  run.signal.throwIfAborted();
  const event = toStreamEvent(records, streamArn);
  try {
    return readOutcome(await run.handler(event, createLambdaContext(run.functionName, streamArn)), records);
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    run.log(`The stream handler threw on ${records.length} records: ${error.message}`);
    return { kind: 'failed', error };
  }
}
