import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createLocalDynamoDbClient } from '@cruddur/local';

/** A client of the AWS SDK with its defaults, to compare others with. */
export function createSdkClient(endpoint: string): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(createLocalDynamoDbClient(endpoint), {
    marshallOptions: { removeUndefinedValues: true },
  });
}
