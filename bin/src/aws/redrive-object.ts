import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { z } from 'zod';
import { RedriveError, type StoredObject } from './failed-messages.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html: `payload` is the event, only in S3. */
const storedSchema = z.object({
  timestamp: z.string().optional(),
  requestContext: z.object({ condition: z.string().optional() }).optional(),
  payload: z.preprocess(
    (payload) => (typeof payload === 'string' ? JSON.parse(payload) : payload),
    z.looseObject({
      Records: z
        .array(
          z.looseObject({
            dynamodb: z.looseObject({
              SequenceNumber: z.string(),
              Keys: z.record(z.string(), z.looseObject({ S: z.string().optional() })).optional(),
            }),
          }),
        )
        .min(1),
    }),
  ),
});

/** Records that Lambda, or the handler itself, stored in an object. */
export type StoredRecords = z.output<typeof storedSchema>;

const answerSchema = z.object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })) });

/**
 * Reads exactly the version that was announced.
 *
 * @throws {RedriveError} if it is not an event with records
 * @throws Error if S3 does not return it
 */
export async function readStored(s3: S3Client, { bucket, key, version }: StoredObject): Promise<StoredRecords> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: version }));
  const text = (await Body?.transformToString()) ?? '';
  try {
    return storedSchema.parse(JSON.parse(text));
  } catch (cause) {
    // A parser's message can quote the content.
    throw new RedriveError('the object has no records of a stream', { cause });
  }
}

/**
 * Invokes the Lambda with stored records, and waits for its answer.
 *
 * @throws {RedriveError} if it reports a record that failed again
 * @throws Error if it was not invoked, or failed
 */
export async function invokeAgain(
  lambda: LambdaClient,
  functionName: string,
  { payload }: StoredRecords,
): Promise<void> {
  const { StatusCode, FunctionError, Payload } = await lambda.send(
    new InvokeCommand({
      FunctionName: functionName,
      // The handler parks nothing of a redriven event: it would be announced again.
      Payload: JSON.stringify({ ...payload, isRedriven: true }),
    }),
  );
  if (StatusCode !== 200 || FunctionError !== undefined) {
    throw new Error(`the Lambda failed (${[StatusCode, FunctionError].filter(Boolean).join(' ')}): see its log`);
  }
  const answer = answerSchema.safeParse(JSON.parse(new TextDecoder().decode(Payload) || 'null'));
  if (!answer.success) throw new Error('the Lambda did not answer as a stream handler does');
  const [failure] = answer.data.batchItemFailures;
  if (failure)
    throw new RedriveError(`${keyOf(payload, failure.itemIdentifier)} failed again: see the log of the Lambda`);
}

/** The key of a record, by which an operator finds its item. */
function keyOf({ Records }: StoredRecords['payload'], sequenceNumber: string): string {
  const { Keys } = Records.find(({ dynamodb }) => dynamodb.SequenceNumber === sequenceNumber)?.dynamodb ?? {};
  const { pk, sk } = Keys ?? {};
  return pk?.S === undefined ? `the record ${sequenceNumber}` : `${pk.S} ${sk?.S ?? ''}`.trimEnd();
}
