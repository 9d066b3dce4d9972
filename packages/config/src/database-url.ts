import { z } from 'zod';
import { EnvError } from './env-error.ts';

const text = z.string().min(1).optional();

/**
 * The database in parts, for a deployment that hands user and password over on their own, as ECS does from a secret.
 * `DATABASE_CA_FILE` names the certificates that the server's own is checked against; TLS is then required.
 */
export const databaseParts = {
  DATABASE_HOST: text,
  DATABASE_PORT: z.coerce.number().int().min(1).max(65535).optional(),
  DATABASE_NAME: text,
  DATABASE_USER: text,
  DATABASE_PASSWORD: text,
  DATABASE_CA_FILE: text,
};

/** The variables that name the database. */
export interface DatabaseVars {
  DATABASE_URL?: string | undefined;
  DATABASE_HOST?: string | undefined;
  DATABASE_PORT?: number | undefined;
  DATABASE_NAME?: string | undefined;
  DATABASE_USER?: string | undefined;
  DATABASE_PASSWORD?: string | undefined;
  DATABASE_CA_FILE?: string | undefined;
}

/**
 * The database's URL: `DATABASE_URL`, or put together from its parts; `undefined` where neither is given.
 *
 * @throws {EnvError} where both are given, or a part is missing beside `DATABASE_HOST`
 */
export function databaseUrlOf(vars: DatabaseVars): string | undefined {
  if (vars.DATABASE_HOST === undefined) return vars.DATABASE_URL;
  if (vars.DATABASE_URL !== undefined) {
    throw new EnvError(
      'The environment does not fit. DATABASE_HOST: is set beside DATABASE_URL, which says it already',
    );
  }
  const url = new URL('postgresql://host');
  url.hostname = vars.DATABASE_HOST;
  url.port = String(vars.DATABASE_PORT ?? 5432);
  url.pathname = `/${encodeURIComponent(part(vars, 'DATABASE_NAME'))}`;
  url.username = encodeURIComponent(part(vars, 'DATABASE_USER'));
  url.password = encodeURIComponent(part(vars, 'DATABASE_PASSWORD'));
  if (vars.DATABASE_CA_FILE !== undefined) {
    url.searchParams.set('sslmode', 'verify-full');
    url.searchParams.set('sslrootcert', vars.DATABASE_CA_FILE);
  }
  return url.href;
}

function part(vars: DatabaseVars, name: 'DATABASE_NAME' | 'DATABASE_USER' | 'DATABASE_PASSWORD'): string {
  const value = vars[name];
  if (value !== undefined) return value;
  throw new EnvError(`The environment does not fit. ${name}: is needed with DATABASE_HOST`);
}
