import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { MalformedItemError } from './errors.ts';

export interface TableRef {
  client: DynamoDBDocumentClient;
  tableName: string;
  /** The deadline of the request that this object serves. */
  signal?: AbortSignal | undefined;
  /** Reports a malformed item, which the answer then leaves out. Without it, such an item is thrown as an error. */
  onMalformedItem?: (error: MalformedItemError) => void;
}
