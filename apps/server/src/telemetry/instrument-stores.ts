import type { DatabaseCall } from '@cruddur/db';
import { type CapacityUse, type DynamoDbCall, type MessageStore, meterClient } from '@cruddur/ddb';
import { type Attributes, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { UnitBudget } from '../rate-limits.ts';
import type { RequestRecord } from './request-record.ts';
import type { TelemetryParts } from './telemetry.ts';

/** A procedure's call, in whose name a store is used. */
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

/** What the stores' clients report about each call after its end. Never values: neither keys nor parameters. */
export function observeStores({ output: { tracer }, instruments, spans }: TelemetryParts) {
  function record({ system, operation, milliseconds, error }: StoreCall, name: string, more: Attributes): void {
    const labels = {
      'db.system.name': system,
      'db.operation.name': operation,
      ...(error === undefined ? {} : { 'error.type': error }),
    };
    instruments.storeCalls.record(milliseconds / 1000, labels);
    const parent = spans.getStore();
    if (tracer === undefined || parent === undefined) return;
    const now = performance.now();
    const options = { kind: SpanKind.CLIENT, startTime: now - milliseconds, attributes: { ...labels, ...more } };
    const span = tracer.startSpan(name, options, trace.setSpan(ROOT_CONTEXT, parent));
    if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end(now);
  }

  return {
    /** The same store, whose units are counted: as a procedure's where one is named, and in its request's record. */
    meterStore(store: MessageStore, call?: MeteredCall): MessageStore {
      const method = call === undefined ? {} : { 'rpc.method': call.procedure };
      const count = ({ operation, kind, units }: CapacityUse) => {
        if (call) call.record.units[kind] += units;
        call?.budget.charge(units);
        instruments.capacity.add(units, { ...method, 'db.operation.name': operation, kind });
      };
      return { ...store, client: meterClient(store.client, count, call?.budget.spend) };
    },

    onDynamoDbCall: ({ operation, tableName, units, milliseconds, error }: DynamoDbCall): void => {
      record({ system: 'aws.dynamodb', operation, milliseconds, error }, `DynamoDB ${operation}`, {
        ...(tableName === undefined ? {} : { 'aws.dynamodb.table_names': [tableName] }),
        ...(units === undefined ? {} : { 'cruddur.dynamodb.units': units }),
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
