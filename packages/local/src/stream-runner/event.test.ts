import type { _Record } from '@aws-sdk/client-dynamodb-streams';
import { describe, expect, it } from 'vitest';
import { createLambdaContext, toStreamEvent } from './event.ts';

const arn = 'arn:aws:dynamodb:ca-central-1:123456789012:table/t/stream/2026-11-20T08:15:30.123';

const record: _Record = {
  eventID: 'e1',
  eventName: 'INSERT',
  eventVersion: '1.1',
  eventSource: 'aws:dynamodb',
  awsRegion: 'ca-central-1',
  dynamodb: {
    ApproximateCreationDateTime: new Date('2026-11-20T08:15:30.900Z'),
    Keys: { pk: { S: 'MSG#g' }, sk: { S: 't' } },
    NewImage: {
      pk: { S: 'MSG#g' },
      count: { N: '12' },
      binary: { B: new Uint8Array([1, 2, 255]) },
      binaries: { BS: [new Uint8Array([7])] },
      nested: { M: { list: { L: [{ B: new Uint8Array([0]) }, { NULL: true }, { BOOL: false }] } } },
      names: { SS: ['a', 'b'] },
    },
    SequenceNumber: '000000000000000000007',
    SizeBytes: 99,
    StreamViewType: 'NEW_IMAGE',
  },
};

describe('toStreamEvent', () => {
  it('has the shape of the JSON that Lambda passes', () => {
    const event = toStreamEvent([record], arn);
    expect(event).toEqual({
      Records: [
        {
          eventID: 'e1',
          eventName: 'INSERT',
          eventVersion: '1.1',
          eventSource: 'aws:dynamodb',
          awsRegion: 'ca-central-1',
          eventSourceARN: arn,
          dynamodb: {
            ApproximateCreationDateTime: 1795162530,
            Keys: { pk: { S: 'MSG#g' }, sk: { S: 't' } },
            NewImage: {
              pk: { S: 'MSG#g' },
              count: { N: '12' },
              binary: { B: 'AQL/' },
              binaries: { BS: ['Bw=='] },
              nested: { M: { list: { L: [{ B: 'AA==' }, { NULL: true }, { BOOL: false }] } } },
              names: { SS: ['a', 'b'] },
            },
            SequenceNumber: '000000000000000000007',
            SizeBytes: 99,
            StreamViewType: 'NEW_IMAGE',
          },
        },
      ],
    });
    expect(JSON.parse(JSON.stringify(event))).toEqual(event);
  });

  it('names the service that deleted a record, if the stream does', () => {
    const userIdentity = { PrincipalId: 'dynamodb.amazonaws.com', Type: 'Service' };
    expect(toStreamEvent([{ ...record, userIdentity }], arn).Records[0]?.userIdentity).toEqual({
      principalId: 'dynamodb.amazonaws.com',
      type: 'Service',
    });
  });
});

describe('createLambdaContext', () => {
  it('counts down and has a different id for every call', () => {
    const [one, other] = [createLambdaContext('f', arn, 1000), createLambdaContext('f', arn, 0)];
    expect(one.getRemainingTimeInMillis()).toBeGreaterThan(900);
    expect(other.getRemainingTimeInMillis()).toBe(0);
    expect(one.awsRequestId).not.toBe(other.awsRequestId);
    expect(one.invokedFunctionArn).toBe('arn:aws:lambda:ca-central-1:123456789012:function:f');
  });
});
