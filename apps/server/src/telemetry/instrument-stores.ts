import type { DatabaseCall } from '@cruddur/db';
import { type CapacityUse, type DynamoDbCall, type MessageStore, meterClient } from '@cruddur/ddb';
import { type Attributes, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { UnitBudget } from '../rate-limits.ts';
import type { RequestRecord } from './request-record.ts';
import type { TelemetryParts } from './telemetry-parts.ts';

/** A procedure call that pays for its use of the store. */
export interface MeteredCall {
  procedure: string;
  record: RequestRecord;
  /** What the caller may spend. */
  budget: UnitBudget;
}

interface StoreCall {
  system: string;
  operation: string;
  milliseconds: number;
  error: string | undefined;
}

/** Records each store call when it has ended. Never its keys or parameters. */
export function instrumentStores({ output: { tracer }, instruments, spans }: TelemetryParts) {
  function record({ system, operation, milliseconds, error }: StoreCall, name: string, attributes: Attributes): void {
    const labels = {
      'db.system.name': system,
      'db.operation.name': operation,
      // A label without a value would be exported.
      ...(error !== undefined && { 'error.type': error }),
    };
    instruments.storeCalls.record(milliseconds / 1000, labels);
    const parent = spans.getStore();
    if (tracer === undefined || parent === undefined) return;
    const now = performance.now();
    const options = { kind: SpanKind.CLIENT, startTime: now - milliseconds, attributes: { ...labels, ...attributes } };
    const span = tracer.startSpan(name, options, trace.setSpan(ROOT_CONTEXT, parent));
    if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end(now);
  }

  return {
    /** Wraps a store so that its capacity units are counted, and charged to a procedure call if one is given. */
    meterStore(store: MessageStore, call?: MeteredCall): MessageStore {
      const method = call && { 'rpc.method': call.procedure };
      const count = ({ operation, kind, units }: CapacityUse) => {
        if (call) call.record.units[kind] += units;
        call?.budget.charge(units);
        instruments.capacity.add(units, { ...method, 'db.operation.name': operation, kind });
      };
      return { ...store, client: meterClient(store.client, count, call?.budget.spend) };
    },

    onDynamoDbCall: ({ operation, tableName, units, milliseconds, error }: DynamoDbCall): void => {
      record({ system: 'aws.dynamodb', operation, milliseconds, error }, `DynamoDB ${operation}`, {
        'aws.dynamodb.table_names': tableName === undefined ? undefined : [tableName],
        'cruddur.dynamodb.units': units,
      });
    },

    onDatabaseCall: ({ statement, name, milliseconds, error }: DatabaseCall): void => {
      const operation = /^\w+/.exec(statement)?.[0].toLowerCase() ?? 'unknown';
      record({ system: 'postgresql', operation, milliseconds, error }, `PostgreSQL ${name ?? operation}`, {
        'db.query.text': statement,
      });
    },
  };
}
