import * as z from 'zod/mini';
import { EnvError } from './env-error.ts';

const text = z.optional(z.string().check(z.minLength(1)));

/**
 * A URL, or its parts, as ECS passes them from a secret. `DATABASE_CA_FILE` requires TLS with a certificate of that file. With
 * `DATABASE_AUTH=iam` there is no password: Amazon RDS accepts a token that the program signs for each connection.
 * By `zod/mini`, because a Lambda's bundle contains it.
 */
export const databaseSchema = z.object({
  DATABASE_URL: z.optional(z.url({ protocol: /^postgres(ql)?$/ })),
  DATABASE_HOST: text,
  DATABASE_PORT: z.optional(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(65_535))),
  DATABASE_NAME: text,
  DATABASE_USER: text,
  DATABASE_PASSWORD: text,
  DATABASE_CA_FILE: text,
  DATABASE_AUTH: z.optional(z.enum(['password', 'iam'])),
});

type DatabaseVars = z.output<typeof databaseSchema>;

/** @throws {EnvError} if both URL and parts are set, a part is missing, or a token would be sent without TLS */
export function databaseUrlOf(vars: DatabaseVars): string | undefined {
  const part = (name: 'DATABASE_NAME' | 'DATABASE_USER' | 'DATABASE_PASSWORD') => {
    const value = vars[name];
    if (value === undefined) throw new EnvError(`${name}: is required with DATABASE_HOST`);
    return encodeURIComponent(value);
  };
  const isIam = vars.DATABASE_AUTH === 'iam';
  if (isIam) checkIam(vars);
  if (vars.DATABASE_HOST === undefined) return vars.DATABASE_URL;
  if (vars.DATABASE_URL !== undefined) {
    throw new EnvError('DATABASE_HOST: must not be set together with DATABASE_URL');
  }
  const url = new URL('postgresql://host');
  url.hostname = vars.DATABASE_HOST;
  url.port = String(vars.DATABASE_PORT ?? 5432);
  url.pathname = `/${part('DATABASE_NAME')}`;
  url.username = part('DATABASE_USER');
  if (!isIam) url.password = part('DATABASE_PASSWORD');
  if (vars.DATABASE_CA_FILE !== undefined) {
    url.searchParams.set('sslmode', 'verify-full');
    url.searchParams.set('sslrootcert', vars.DATABASE_CA_FILE);
  }
  return url.href;
}

/** Anyone who receives a token can sign in with it: without TLS, it only goes to this machine. */
function checkIam({ DATABASE_HOST: host, DATABASE_CA_FILE: caFile, DATABASE_PASSWORD: password }: DatabaseVars): void {
  if (host === undefined) throw new EnvError('DATABASE_HOST: is required with DATABASE_AUTH=iam');
  if (password !== undefined) throw new EnvError('DATABASE_PASSWORD: must not be set together with DATABASE_AUTH=iam');
  if (caFile === undefined && host !== '127.0.0.1') {
    throw new EnvError('DATABASE_CA_FILE: is required with DATABASE_AUTH=iam');
  }
}
