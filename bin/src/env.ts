import { randomBytes } from 'node:crypto';
import { readStackEnv, type StackEnv } from '@cruddur/config/env';

/**
 * Reads where the services are.
 *
 * @throws {EnvError} naming the invalid variables
 */
export function readOperatorEnv(env: Readonly<Record<string, string | undefined>>): StackEnv {
  return readStackEnv({
    ...env,
    // Only the server needs these. A command's cursors live as long as the command, and it signs no one in.
    CURSOR_SECRET: env.CURSOR_SECRET || randomBytes(32).toString('hex'),
    COGNITO_CLIENT_ID: env.COGNITO_CLIENT_ID || 'none',
  });
}
