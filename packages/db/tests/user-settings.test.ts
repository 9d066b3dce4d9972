import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createUser,
  type DatabaseHandle,
  DEFAULT_SETTINGS,
  findUserSettings,
  updateUserSettings,
} from '../src/index.ts';
import { newUser, openMigratedDatabase, type TestDatabase } from './users-database.ts';

describe('user settings', () => {
  let database: DatabaseHandle & TestDatabase;
  beforeAll(async () => {
    database = await openMigratedDatabase();
  });
  afterAll(() => database.drop());

  it('are the defaults without a row, and keep what was changed', async () => {
    const { db } = database;
    const { uuid } = await createUser(db, newUser());
    expect(await findUserSettings(db, uuid)).toEqual(DEFAULT_SETTINGS);
    expect(await updateUserSettings(db, uuid, {})).toEqual(DEFAULT_SETTINGS);
    const quiet = { ...DEFAULT_SETTINGS, sendsTyping: false };
    expect(await updateUserSettings(db, uuid, { sendsTyping: false })).toEqual(quiet);
    expect(await updateUserSettings(db, uuid, { whoMayMessage: 'requests' })).toEqual({
      ...quiet,
      whoMayMessage: 'requests',
    });
    expect(await findUserSettings(db, uuid)).toEqual({ ...quiet, whoMayMessage: 'requests' });
  });

  it('keep simultaneous changes of different ones', async () => {
    const { db } = database;
    const { uuid } = await createUser(db, newUser());
    await Promise.all([
      updateUserSettings(db, uuid, { whoMayMessage: 'nobody' }),
      updateUserSettings(db, uuid, { sendsReadReceipts: false }),
      updateUserSettings(db, uuid, { sendsTyping: false }),
    ]);
    const all = { whoMayMessage: 'nobody', sendsReadReceipts: false, sendsTyping: false };
    expect(await findUserSettings(db, uuid)).toEqual(all);
  });

  it('go with their person', async () => {
    const { db } = database;
    const { uuid } = await createUser(db, newUser());
    await updateUserSettings(db, uuid, { sendsTyping: false });
    await db.execute(sql`delete from users where uuid = ${uuid}`);
    expect(await findUserSettings(db, uuid)).toEqual(DEFAULT_SETTINGS);
  });
});
