import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { MalformedItemError } from './errors.ts';

/** Where the items are. */
export interface TableRef {
  client: DynamoDBDocumentClient;
  tableName: string;
  /** Reports a malformed item, which the answer then leaves out. Without it, such an item is thrown as an error. */
  onMalformedItem?: (error: MalformedItemError) => void;
}

/** Bounds of one call: the request's own deadline. */
export interface CallOptions {
  signal?: AbortSignal | undefined;
}

/** The SDK's name for the same. */
export function httpOptions(options: CallOptions | undefined): { abortSignal?: AbortSignal } {
  return options?.signal ? { abortSignal: options.signal } : {};
}
