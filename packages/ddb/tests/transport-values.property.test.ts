import {
  BatchGetCommand,
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { createTestDynamoDb } from '../../../tests/support/dynamodb.ts';
import { createTestStore } from '../../../tests/support/messages.ts';
import { answerJson, createClientOf, createSdkClient, stopFakeDynamoDbs } from './fake-dynamodb.ts';

afterEach(stopFakeDynamoDbs);

const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 });
const bytes = fc.uint8Array({ minLength: 1, maxLength: 12 });
const number = fc.oneof(
  fc.maxSafeInteger(),
  fc.integer({ min: -1e6, max: 1e6 }).map((n) => n / 1024),
);
const bigint = fc.bigInt({ min: -(10n ** 37n), max: 10n ** 37n });
const name = fc.stringMatching(/^[a-z]{1,5}$/);
const setOf = <T>(values: fc.Arbitrary<T>) =>
  fc.uniqueArray(values, { minLength: 1, maxLength: 3 }).map((all) => new Set(all));

/** What DynamoDB can store, with properties that are undefined. */
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    text,
    fc.oneof(
      number,
      bigint,
      fc.boolean(),
      fc.constant(null),
      fc.constantFrom('', undefined, () => 'a function'),
    ),
    fc.oneof(bytes, setOf(text), setOf(fc.integer()), setOf(fc.bigInt({ min: 2n ** 60n, max: 2n ** 90n }))),
    fc.array(bytes, { minLength: 1, maxLength: 2 }).map((all) => new Set(all)),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(name, tie('value'), { maxKeys: 3 }),
  ),
}));
const attributes = fc.dictionary(name, value, { maxKeys: 5 });

/** What no one may send. */
const refused = fc.constantFrom(Number.NaN, 2 ** 60, new Set(), new Date(0), Symbol.iterator, [new Set([true])]);

const withoutIds = (output: object) => ({ ...output, $metadata: undefined });

describe('the transport and the SDK', () => {
  it('send the same', async () => {
    const { asked, endpoint, client } = await createClientOf((response) => answerJson(response, 200, {}));
    const sdk = createSdkClient({ endpoint });
    const TableName = 'table';
    const send = async (values: Record<string, unknown>, on: DynamoDBDocumentClient) => {
      const ExpressionAttributeValues = Object.fromEntries(
        Object.entries(values).map(([key, each]) => [`:${key}`, each]),
      );
      const put = { TableName, Item: values, ConditionExpression: undefined, ReturnValues: null as never };
      const calls = [
        () => on.send(new PutCommand(put)),
        () => on.send(new GetCommand({ TableName, Key: values })),
        () => on.send(new DeleteCommand({ TableName, Key: values, ExpressionAttributeValues })),
        () => on.send(new UpdateCommand({ TableName, Key: values, ExpressionAttributeNames: { '#a': 'a' } })),
        () => on.send(new QueryCommand({ TableName, Limit: 3, ExclusiveStartKey: values, ExpressionAttributeValues })),
        () => on.send(new BatchGetCommand({ RequestItems: { [TableName]: { Keys: [values, values] } } })),
        () =>
          on.send(
            new TransactWriteCommand({
              ClientRequestToken: 't',
              TransactItems: [{ Put: put }, { Delete: { TableName, Key: values } }],
            }),
          ),
      ];
      asked.length = 0;
      const outcomes: unknown[] = [];
      for (const call of calls) outcomes.push(await call().then(withoutIds, ({ message }: Error) => message));
      return [outcomes, asked.map(({ headers, body }) => [headers['x-amz-target'], JSON.parse(body)])];
    };
    const inputs = fc.oneof(
      { weight: 9, arbitrary: attributes },
      { weight: 1, arbitrary: refused.map((a) => ({ a })) },
    );
    await fc.assert(
      fc.asyncProperty(inputs, async (values) => {
        expect(await send(values, client)).toEqual(await send(values, sdk));
      }),
    );
  });

  it('read the same from the table', async () => {
    const { client: metered, tableName: TableName } = await createTestStore();
    const region = await metered.config.region();
    const client = createTestDynamoDb({ region });
    const sdk = createSdkClient({ region, endpoint: inject('dynamodbEndpoint') });
    let count = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(attributes, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 4 }),
        async (items, Limit) => {
          const pk = `pk${count++}`;
          const keys = items.map((_, i) => ({ pk, sk: String(i) }));
          for (const [i, item] of items.entries()) {
            await [client, sdk][i % 2]?.send(new PutCommand({ TableName, Item: { ...item, ...keys[i] } }));
          }
          const ExpressionAttributeValues = { ':pk': pk };
          const query = { TableName, KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues, Limit };
          const read = async (on: DynamoDBDocumentClient) => {
            const batch = await on.send(new BatchGetCommand({ RequestItems: { [TableName]: { Keys: keys } } }));
            return [
              await on.send(new QueryCommand({ ...query, ReturnConsumedCapacity: 'TOTAL' })),
              await on.send(new QueryCommand({ ...query, Select: 'COUNT' })),
              await on.send(new GetCommand({ TableName, Key: { pk, sk: '0' } })),
              await on.send(new GetCommand({ TableName, Key: { pk, sk: 'none' } })),
              await on.send(new PutCommand({ TableName, Item: { ...items[0], ...keys[0] }, ReturnValues: 'ALL_OLD' })),
              // In any order.
              { ...batch, Responses: batch.Responses?.[TableName]?.toSorted((a, b) => (a.sk < b.sk ? -1 : 1)) },
            ].map(withoutIds);
          };
          expect(await read(client)).toEqual(await read(sdk));
        },
      ),
      { numRuns: 25 },
    );
  });
});
