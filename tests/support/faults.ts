import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** When a process dies, counted in calls to the store. `answered`: whether the last call still took effect. */
export interface Crash {
  atCall: number;
  answered: boolean;
}

/** The faults of the store. Set before an action, cleared after it. */
export interface Faults {
  crash: Crash | undefined;
  /** Whether the index answers with earlier data. */
  indexLags: boolean;
  /** Whether DynamoDB no longer remembers the tokens of earlier transactions: after ten minutes, or a restart here. */
  forgetsTokens: boolean;
  /** Milliseconds by which successive calls are delayed, in turn. */
  delays: readonly number[];
  calls: number;
}

export const noFaults = (): Faults => ({
  crash: undefined,
  indexLags: false,
  forgetsTokens: false,
  delays: [],
  calls: 0,
});

/** The process under test has died. */
export class CrashError extends Error {
  override name = 'CrashError';
}

/** Injects faults into a client: it can die at any call, and its index can lag behind the table. */
export function injectFaults(client: DynamoDBDocumentClient): Faults {
  const faults = noFaults();
  const stale = new Map<string, object>();
  client.middlewareStack.add(
    (next) => async (args) => {
      const call = faults.calls++;
      const { crash } = faults;
      if (crash && (call > crash.atCall || (call === crash.atCall && !crash.answered))) throw new CrashError();
      const input = args.input as {
        IndexName?: string;
        ExpressionAttributeValues?: object;
        ClientRequestToken?: string;
      };
      if (input.ClientRequestToken && faults.forgetsTokens) input.ClientRequestToken = randomUUID();
      await sleep(faults.delays[call % faults.delays.length] ?? 0);
      const result = await next(args);
      if (crash && call === crash.atCall) throw new CrashError();
      if (!input.IndexName) return result;
      const query = JSON.stringify(input.ExpressionAttributeValues);
      if (!faults.indexLags) stale.set(query, result.output);
      // A lagging index returns nothing for a new query.
      else Object.assign(result.output, stale.get(query) ?? { Items: [], Count: 0 });
      return result;
    },
    { step: 'initialize', name: 'injectFaults', priority: 'high' },
  );
  return faults;
}
