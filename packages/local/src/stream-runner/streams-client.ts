import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';

/** Makes a client of the streams of DynamoDB; an embedded endpoint takes any credentials. */
export function createDynamoDbStreams({
  region,
  endpoint,
  embedded,
}: {
  region: string;
  /** Undefined: the region's own. */
  endpoint?: string | undefined;
  embedded: boolean;
}): DynamoDBStreamsClient {
  return new DynamoDBStreamsClient({
    region,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000 },
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(embedded ? { credentials: { accessKeyId: 'local', secretAccessKey: 'local' } } : {}),
  });
}
