import { z } from 'zod';
import { EnvError } from './env-error.ts';

const text = z.string().min(1).optional();

/**
 * The variables of the database: a URL, or its parts, for a deployment that passes user and password separately, as ECS
 * does from a secret. With `DATABASE_CA_FILE`, TLS is required and the server's certificate is checked against that file.
 */
export const databaseSchema = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  DATABASE_HOST: text,
  DATABASE_PORT: z.coerce.number().int().min(1).max(65535).optional(),
  DATABASE_NAME: text,
  DATABASE_USER: text,
  DATABASE_PASSWORD: text,
  DATABASE_CA_FILE: text,
});

type DatabaseVars = z.output<typeof databaseSchema>;

/**
 * The database's URL: `DATABASE_URL` or built from its parts; `undefined` if neither is set.
 *
 * @throws {EnvError} if both are set, or a part is missing
 */
export function databaseUrlOf(vars: DatabaseVars): string | undefined {
  if (vars.DATABASE_HOST === undefined) return vars.DATABASE_URL;
  if (vars.DATABASE_URL !== undefined) {
    throw new EnvError('DATABASE_HOST: must not be set together with DATABASE_URL');
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
  throw new EnvError(`${name}: is required with DATABASE_HOST`);
}
