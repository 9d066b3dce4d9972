import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { HttpResponse } from '@smithy/core/protocols';
import { operation } from '@smithy/core/schema';
import type { PostResponse } from './post.ts';

/** An SDK client's configuration with its defaults. */
export type SdkConfig = DynamoDBDocumentClient['config'];

/** The part of the SDK's protocol that reads a response, or throws the error that it describes. */
interface Protocol {
  deserializeResponse(operation: object, config: SdkConfig, response: HttpResponse): Promise<unknown>;
}

/** From this difference on, the SDK corrects its clock by the server's and tries again. */
const CLOCK_SKEW_MS = 240_000;
/** Errors are the same in all operations. */
const ANY_OPERATION = operation('com.amazonaws.dynamodb', 'Any', 0, 'unit', 'unit');

export interface ResponseMetadata {
  httpStatusCode: number;
  requestId: string | undefined;
  attempts?: number;
  totalRetryDelay?: number;
  /** Makes the SDK's retry repeat the call. */
  clockSkewCorrected?: boolean;
}

export const metadataOf = ({ statusCode, headers }: PostResponse): ResponseMetadata => ({
  httpStatusCode: statusCode,
  requestId: headers['x-amzn-requestid'] as string | undefined,
});

/**
 * The error of a response, read by the SDK: its class, `$metadata`, and the attribute values that it quotes.
 *
 * @param clockOffset - milliseconds by which the clock was corrected when the request was signed
 */
export async function readError(config: SdkConfig, response: PostResponse, clockOffset: number): Promise<unknown> {
  const $response = new HttpResponse({ ...response, headers: response.headers as Record<string, string> });
  try {
    return await (config.protocol as Protocol).deserializeResponse(ANY_OPERATION, config, $response);
  } catch (thrown) {
    const error = thrown as { $metadata?: ResponseMetadata };
    error.$metadata ??= metadataOf(response);
    const offset = Date.parse(response.headers.date ?? '') - Date.now();
    if (Math.abs(offset - clockOffset) >= CLOCK_SKEW_MS) {
      config.systemClockOffset = offset;
      error.$metadata.clockSkewCorrected = true;
    }
    // The retry reads the header `retry-after` here.
    return Object.defineProperty(error, '$response', { value: $response, enumerable: false });
  }
}
