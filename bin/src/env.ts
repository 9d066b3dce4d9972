import { randomBytes } from 'node:crypto';
import { readStackEnv, type StackEnv } from '@cruddur/config/env';

/**
 * Reads where the services are.
 *
 * @throws {EnvError} naming the variables that do not fit
 */
export function readOperatorEnv(env: Readonly<Record<string, string | undefined>>): StackEnv {
  return readStackEnv({
    ...env,
    // The server needs these, the commands do not: their cursors live as long as the command, and they sign nobody in.
    CURSOR_SECRET: env.CURSOR_SECRET || randomBytes(32).toString('hex'),
    COGNITO_CLIENT_ID: env.COGNITO_CLIENT_ID || 'none',
  });
}
