import { createDynamoDb, createMessageStore, type MessageStore } from '@cruddur/ddb';

/** The part of a store call's input that tests look at. */
export interface StoreCall {
  ExpressionAttributeValues?: Record<string, unknown>;
}

/** An empty store without an engine. It counts calls, and answers each with no items, or as given. */
export function createEmptyStore(answer: (call: StoreCall) => Promise<object> = async () => ({})): {
  store: MessageStore;
  callCount: () => number;
} {
  let calls = 0;
  const send = ({ input }: { input: StoreCall }) => {
    calls++;
    return answer(input);
  };
  // The SDK's pagination requires an instance of its class.
  const client = Object.create(createDynamoDb({ region: 'ca-central-1', embedded: true }), { send: { value: send } });
  const store = createMessageStore({ client, tableName: 'none', cursorSecret: 'a secret for the cursors of tests' });
  return { store, callCount: () => calls };
}
