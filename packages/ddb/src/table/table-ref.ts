import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** Where the items are. */
export interface TableRef {
  client: DynamoDBDocumentClient;
  tableName: string;
}

/** Bounds of one call: the request's own deadline. */
export interface CallOptions {
  signal?: AbortSignal | undefined;
}

/** The SDK's name for the same. */
export function httpOptions(options: CallOptions | undefined): { abortSignal?: AbortSignal } {
  return options?.signal ? { abortSignal: options.signal } : {};
}
