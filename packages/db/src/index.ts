export {
  createDatabase,
  type Database,
  type DatabaseHandle,
  type DatabaseOptions,
  type OnQuery,
  pingDatabase,
} from './client.ts';
export type { AccountClaim } from './cognito-id-changes.ts';
export { createUser, HandleTakenError, type NewUser, seedPeople } from './create-user.ts';
export { dropDatabase, ensureDatabase } from './ensure-database.ts';
export { type DatabaseRoles, ensureRoles } from './ensure-roles.ts';
export { findDatabaseError, isDatabaseUnavailable, isDataRefused, withoutValues } from './errors.ts';
export { type Account, findAccount } from './find-account.ts';
export {
  findUserByCognitoId,
  findUserByHandle,
  findUsersByUuid,
  listUsersByHandle,
  type User,
  type UserShort,
} from './find-users.ts';
export { type DatabaseSession, endSession, listSessions } from './list-sessions.ts';
export { MigrationError, migrateDatabase } from './migrate-database.ts';
export { type Listener, type ListenerEvents, listen, NOTIFICATION_MAX_BYTES, notify } from './notifications.ts';
export { type DatabaseCall, observeQueries } from './observe-queries.ts';
export { indexClears, indexMessages } from './search/index-messages.ts';
export {
  findIndexedClears,
  findIndexedMessages,
  type IndexedClearId,
  type IndexedMessageId,
  type IndexedRow,
  listIndexedClears,
  listIndexedMessages,
  removeIndexedClears,
  removeIndexedMessages,
} from './search/indexed-messages.ts';
export { type FoundAddress, type MessageSearch, searchMessages } from './search/search-messages.ts';
export { searchUsers, type UserSearch } from './search-users.ts';
export { createSignIn, type GetPassword } from './sign-in.ts';
export { type CognitoIdsReport, updateCognitoUserIds } from './update-cognito-user-ids.ts';
export { DEFAULT_SETTINGS, findUserSettings, type UserSettings, updateUserSettings } from './user-settings.ts';
