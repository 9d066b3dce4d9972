import { createDynamoDb, createMessageStore, type MessageStore } from '@cruddur/ddb';

/** What a call of a store without an engine asks for, as far as a test looks at it. */
export interface StoreCall {
  ExpressionAttributeValues?: Record<string, unknown>;
}

/** A store with nothing in it and no engine. Every call is counted, and answered with no items, or as given. */
export function createEmptyStore(answer: (call: StoreCall) => Promise<object> = async () => ({})): {
  store: MessageStore;
  callCount: () => number;
} {
  let calls = 0;
  const send = ({ input }: { input: StoreCall }) => {
    calls++;
    return answer(input);
  };
  // It stays an instance of the SDK's class, which the SDK's pagination requires.
  const client = Object.create(createDynamoDb({ region: 'ca-central-1', embedded: true }), { send: { value: send } });
  const store = createMessageStore({ client, tableName: 'none', cursorSecret: 'a secret for the cursors of tests' });
  return { store, callCount: () => calls };
}
