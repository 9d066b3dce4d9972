import { randomUUID } from 'node:crypto';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { AttributeValue, Context, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';

let sequence = 0;

/** A record of the table's stream, as a Lambda receives it. */
export function record(
  fields: { group?: string; pk?: string; sk?: string; eventName?: DynamoDBRecord['eventName'] } & Record<
    string,
    unknown
  > = {},
): DynamoDBRecord {
  const { group, eventName = 'INSERT', ...attributes } = fields;
  const item = {
    pk: `MSG#${group}`,
    sk: '2026-11-20T08:15:30.123456+00:00',
    message_uuid: randomUUID(),
    message: 'Are the lanterns packed?',
    user_uuid: 'sender',
    user_handle: 'sender',
    user_display_name: 'Sender',
    ...attributes,
  };
  return recordOf(item, eventName);
}

/** The record of an item as stored in the table. */
export function recordOf(item: object, eventName: DynamoDBRecord['eventName'] = 'INSERT'): DynamoDBRecord {
  const image = marshall(item, { removeUndefinedValues: true }) as Record<string, AttributeValue>;
  return {
    eventID: randomUUID(),
    eventName,
    eventSource: 'aws:dynamodb',
    awsRegion: 'ca-central-1',
    dynamodb: {
      Keys: Object.fromEntries(Object.entries(image).filter(([name]) => name === 'pk' || name === 'sk')),
      ...(eventName === 'REMOVE' ? {} : { NewImage: image }),
      SequenceNumber: String(++sequence).padStart(21, '0'),
      StreamViewType: 'NEW_IMAGE',
    },
  };
}

/** A new message's record with parts of `dynamodb` replaced. */
export function malformed(dynamodb: Partial<DynamoDBRecord['dynamodb']>): DynamoDBRecord {
  const whole = record({ group: 'a' });
  return { ...whole, dynamodb: { ...whole.dynamodb, ...dynamodb } };
}

export const eventOf = (records: DynamoDBRecord[]): DynamoDBStreamEvent => ({ Records: records });

/** The context of a Lambda invocation, with plenty of time left. */
export const lambdaContext = { getRemainingTimeInMillis: () => 60_000, awsRequestId: 'test' } as Context;
