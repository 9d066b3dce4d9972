import { users } from './schema.ts';

/** A person as others see them. */
export interface UserShort {
  uuid: string;
  handle: string;
  displayName: string;
}

/** A person with the id by which Cognito knows them. */
export interface User extends UserShort {
  /** The `sub` of their tokens, or the placeholder `MOCK`. */
  cognitoUserId: string;
}

/** Columns of a {@link UserShort}. */
export const userShortColumns = { uuid: users.uuid, handle: users.handle, displayName: users.displayName };

/** Columns of a {@link User}. */
export const userColumns = { ...userShortColumns, cognitoUserId: users.cognitoUserId };
