import { Signer } from '@aws-sdk/rds-signer';
import { Client } from 'pg';

/** Returns the password of a new connection. */
export type GetPassword = () => Promise<string>;

/** The beginning of an error's message, by which `isDatabaseUnavailable` recognises it. */
export const NO_TOKEN = 'no token to sign in to PostgreSQL';

/**
 * Creates passwords for Amazon RDS with IAM authentication: tokens that are valid for 15 minutes, signed in this process with the
 * credentials of the SDK's default provider. A connection stays open when its token expires.
 *
 * @param url - of the database, with the user
 * @returns a function that throws if there are no credentials, and works again as soon as there are
 */
export function createSignIn(url: string, region: string): GetPassword {
  const { hostname, port, username } = new URL(url);
  const user = decodeURIComponent(username);
  const signer = new Signer({ hostname, port: port === '' ? 5432 : Number(port), username: user, region });
  return async () => {
    try {
      return await signer.getAuthToken();
    } catch (cause) {
      throw new Error(`${NO_TOKEN} as ${user}`, { cause });
    }
  };
}

/**
 * The class of clients that ask for their password before they connect. By itself, pg would ask in the middle of signing in, and leave
 * the connection open if there is none: PostgreSQL waits for a minute then, and waits for it before it drops a database.
 */
export function clientWith(getPassword: GetPassword | undefined): typeof Client {
  if (getPassword === undefined) return Client;
  return class SigningClient extends Client {
    override connect(): Promise<Client>;
    override connect(callback: (error: Error | undefined) => void): void;
    override connect(callback?: (error: Error | undefined) => void): Promise<Client> | undefined {
      const connected = getPassword().then((password) => {
        this.password = password;
        return super.connect();
      });
      if (callback === undefined) return connected;
      void connected.then(() => callback(undefined), callback);
      return undefined;
    }
  };
}
