import { createDynamoDb, createMessageStore, type MessageStore } from '@cruddur/ddb';

/** A store with nothing in it and no engine. Every call is counted, and answered with no items, or as given. */
export function createEmptyStore(answer: () => Promise<object> = async () => ({})): {
  store: MessageStore;
  callCount: () => number;
} {
  let calls = 0;
  const send = () => {
    calls++;
    return answer();
  };
  // It stays an instance of the SDK's class, which the SDK's pagination requires.
  const client = Object.create(createDynamoDb({ region: 'ca-central-1', embedded: true }), { send: { value: send } });
  const store = createMessageStore({ client, tableName: 'none', cursorSecret: 'a secret for the cursors of tests' });
  return { store, callCount: () => calls };
}
