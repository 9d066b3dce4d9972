import type { Clock } from 'cognito-local/lib/services/clock.js';
import type { Context } from 'cognito-local/lib/services/context.js';
import type { DataStoreFactory } from 'cognito-local/lib/services/dataStore/factory.js';
import {
  attributeValue,
  type User,
  type UserPoolServiceFactory,
  UserPoolServiceImpl,
} from 'cognito-local/lib/services/userPoolService.js';

/**
 * A user pool that finds people as AWS does with `AliasAttributes: ["email"]` and names that ignore case: by user name or
 * confirmed e-mail address.
 */
class AliasUserPool extends UserPoolServiceImpl {
  override async getUserByUsername(context: Context, username: string): Promise<User | null> {
    const exact = await super.getUserByUsername(context, username);
    if (exact !== null) return exact;
    const wanted = username.toLowerCase();
    const users = await this.listUsers(context);
    return (
      users.find((user) => user.Username.toLowerCase() === wanted) ??
      users.find((user) => user.UserStatus !== 'UNCONFIRMED' && emailOf(user)?.toLowerCase() === wanted) ??
      null
    );
  }
}

export function emailOf(user: User): string | undefined {
  return attributeValue('email', user.Attributes);
}

export function createUserPoolFactory(clock: Clock, stores: DataStoreFactory): UserPoolServiceFactory {
  return {
    async create(context, clients, defaults) {
      const store = await stores.create(context, defaults.Id, { Users: {}, Options: defaults });
      return new AliasUserPool(clients, clock, store, await store.get(context, 'Options', defaults));
    },
  };
}
