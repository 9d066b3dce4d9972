import type { ConsumedCapacity } from '@aws-sdk/client-dynamodb';

export interface CapacityUse {
  operation: string;
  /** A transaction that is repeated under its token only reads. */
  kind: 'read' | 'write';
  /** Of all tables and indexes of the call together. */
  units: number;
}

const READS = /^(BatchGetItem|GetItem|Query|Scan|TransactGetItems)$/;

/** The capacity that an operation's output reports; undefined if it reports none. */
export function readCapacity(operation: string, output: object): CapacityUse | undefined {
  const { ConsumedCapacity } = output as { ConsumedCapacity?: ConsumedCapacity | ConsumedCapacity[] };
  if (ConsumedCapacity === undefined) return undefined;
  const consumed = [ConsumedCapacity].flat();
  const units = consumed.reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
  // Only the answers of transactions have ReadCapacityUnits.
  const isRead = READS.test(operation) || consumed.some(({ ReadCapacityUnits = 0 }) => ReadCapacityUnits > 0);
  return { operation, kind: isRead ? 'read' : 'write', units };
}
