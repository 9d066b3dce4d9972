import type { MessageAudience } from '@cruddur/config';
import { eq } from 'drizzle-orm';
import type { Database } from './client.ts';
import { userSettings } from './schema.ts';

export interface UserSettings {
  /** Who may begin a conversation with the person. It does not affect existing ones. */
  whoMayMessage: MessageAudience;
  /** Off hides both ways: theirs from others, and those of others from them. */
  sendsReadReceipts: boolean;
  /** The same for typing. */
  sendsTyping: boolean;
}

/** The settings of a person without a row. */
export const DEFAULT_SETTINGS: Readonly<UserSettings> = {
  whoMayMessage: 'everyone',
  sendsReadReceipts: true,
  sendsTyping: true,
};

const columns = {
  whoMayMessage: userSettings.whoMayMessage,
  sendsReadReceipts: userSettings.sendsReadReceipts,
  sendsTyping: userSettings.sendsTyping,
};

/** Reads a person's settings: the defaults if the person has never changed one. */
export async function findUserSettings(db: Database, userUuid: string): Promise<UserSettings> {
  const found = db.select(columns).from(userSettings).where(eq(userSettings.userUuid, userUuid));
  const [row] = await found.prepare('find_user_settings').execute();
  return row ?? DEFAULT_SETTINGS;
}

/** Changes some of a person's settings in one statement, so that simultaneous changes of different ones are all kept. */
export async function updateUserSettings(
  db: Database,
  userUuid: string,
  { whoMayMessage, sendsReadReceipts, sendsTyping }: { [K in keyof UserSettings]?: UserSettings[K] | undefined },
): Promise<UserSettings> {
  const changes = { whoMayMessage, sendsReadReceipts, sendsTyping };
  const [row] = await db
    .insert(userSettings)
    .values({ userUuid, ...changes })
    // Drizzle leaves out what is undefined. An update needs at least one column.
    .onConflictDoUpdate({ target: userSettings.userUuid, set: { userUuid, ...changes } })
    .returning(columns);
  if (row === undefined) throw new Error('PostgreSQL returned no row for an upsert');
  return row;
}
