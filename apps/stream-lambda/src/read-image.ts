import { unmarshallDynamoDB } from '@aws-lambda-powertools/commons/utils/unmarshallDynamoDB';
import { parse } from '@aws-lambda-powertools/parser';
import { ParseError } from '@aws-lambda-powertools/parser/errors';
import type { DynamoDBRecord } from 'aws-lambda';
import type * as z from 'zod/mini';

/** A record that cannot be read. No retry repairs it. */
export class MalformedRecordError extends Error {
  override name = 'MalformedRecordError';
}

/**
 * Reads the item of a record, as it was written.
 *
 * @throws {MalformedRecordError} naming the invalid attributes
 */
export function readImage<Schema extends z.ZodMiniType>(record: DynamoDBRecord, schema: Schema): z.output<Schema> {
  try {
    const image = unmarshallDynamoDB((record.dynamodb?.NewImage ?? {}) as Record<string, never>);
    return parse(image, undefined, schema) as z.output<Schema>;
  } catch (error) {
    const issues = error instanceof ParseError && Array.isArray(error.cause) ? error.cause : [];
    const problems = issues.map((issue) => `${issue.path?.join('.') || 'image'}: ${issue.message}`);
    throw new MalformedRecordError(problems.join('; ') || 'cannot be read', { cause: error });
  }
}
