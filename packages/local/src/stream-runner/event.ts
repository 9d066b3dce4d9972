import { randomUUID } from 'node:crypto';
import type { _Record, AttributeValue as StreamValue } from '@aws-sdk/client-dynamodb-streams';
import type { AttributeValue, Context, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';

/** The event that Lambda's event source mapping creates from a batch: JSON, so binary is base64 and time a number. */
export function toStreamEvent(records: readonly _Record[], streamArn: string): DynamoDBStreamEvent {
  return { Records: records.map((record) => toLambdaRecord(record, streamArn)) };
}

function toLambdaRecord({ dynamodb, userIdentity, ...record }: _Record, streamArn: string): DynamoDBRecord {
  const { ApproximateCreationDateTime: time, Keys, NewImage, OldImage } = dynamodb ?? {};
  return {
    ...record,
    eventSourceARN: streamArn,
    userIdentity: userIdentity && { principalId: userIdentity.PrincipalId, type: userIdentity.Type },
    dynamodb: {
      ...dynamodb,
      ApproximateCreationDateTime: time && Math.floor(time.getTime() / 1000),
      Keys: Keys && toLambdaImage(Keys),
      NewImage: NewImage && toLambdaImage(NewImage),
      OldImage: OldImage && toLambdaImage(OldImage),
    },
  } as DynamoDBRecord;
}

function toLambdaImage(image: Record<string, StreamValue>): Record<string, AttributeValue> {
  return Object.fromEntries(Object.entries(image).map(([name, value]) => [name, toLambdaValue(value)]));
}

function toLambdaValue(value: StreamValue): AttributeValue {
  if (value.B !== undefined) return { B: toBase64(value.B) };
  if (value.BS !== undefined) return { BS: value.BS.map(toBase64) };
  if (value.L !== undefined) return { L: value.L.map(toLambdaValue) };
  if (value.M !== undefined) return { M: toLambdaImage(value.M) };
  return value as AttributeValue;
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

export function createLambdaContext(functionName: string, streamArn: string, timeoutMs = 60_000): Context {
  const deadline = Date.now() + timeoutMs;
  const [, , , region, account] = streamArn.split(':');
  const done = () => undefined;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:${region}:${account}:function:${functionName}`,
    memoryLimitInMB: '256',
    awsRequestId: randomUUID(),
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: `local/[$LATEST]${process.pid}`,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    done,
    fail: done,
    succeed: done,
  };
}
