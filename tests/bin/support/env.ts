import { vi } from 'vitest';

/**
 * Replaces the AWS_ variables of this process, from which the AWS SDK reads region, credentials and endpoints.
 * `vi.unstubAllEnvs()` restores them.
 */
export function stubAwsEnv(env: Record<string, string>): void {
  const names = Object.keys({ ...process.env, ...env }).filter((name) => name.startsWith('AWS_'));
  for (const name of names) vi.stubEnv(name, env[name]);
}
