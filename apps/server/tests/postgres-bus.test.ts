import { createDatabase, notify } from '@cruddur/db';
import { startCuttableProxy } from '../../../tests/support/cuttable-proxy.ts';
import { createTestDatabase } from '../../../tests/support/database.ts';
import { createPostgresBus } from '../src/live/postgres-bus.ts';
import { testBus } from './bus-contract.ts';
import { createEmptyStore } from './empty-store.ts';

testBus('a bus over NOTIFY', async () => {
  const database = await createTestDatabase();
  const direct = createDatabase(database.url);
  const ends: (() => Promise<void>)[] = [];
  return {
    async startInstance() {
      const network = await startCuttableProxy(database.url);
      const { db, close } = createDatabase(network.url, { onError: () => undefined });
      const errors: Error[] = [];
      const { store } = createEmptyStore(async () => ({}));
      const bus = createPostgresBus({ db, url: network.url, store, onError: (error) => errors.push(error) });
      ends.push(async () => {
        await close();
        await network.cut();
      });
      return { bus, errors, network };
    },
    sendRaw: (payload) => notify(direct.db, 'cruddur_events', [payload]),
    async stop() {
      await Promise.all(ends.map((end) => end()));
      await direct.close();
      await database.drop();
    },
  };
});
