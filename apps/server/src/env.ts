import { parseEnv, processEnv, readStackEnv, type StackEnv } from '@cruddur/config/env';
import { z } from 'zod';

const schema = z.object({
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  API_HOST: z.string().default('127.0.0.1'),
  WEB_ORIGINS: z.string().optional(),
  RATE_LIMIT_FACTOR: z.coerce.number().positive().default(1),
});

/** What the server takes from its environment. */
export interface ServerEnv {
  stack: StackEnv;
  host: string;
  logLevel: z.output<typeof schema>['LOG_LEVEL'];
  /** Pages of other origins that may call the API. */
  webOrigins: string[];
  /** What the rate limits are multiplied by: 1, but for load tests. */
  rateLimitFactor: number;
}

/** @throws {EnvError} naming every variable that does not fit */
export function readServerEnv(env: Record<string, string | undefined> = processEnv()): ServerEnv {
  const stack = readStackEnv(env);
  const vars = parseEnv(schema, env);
  const local = [`http://localhost:${stack.webPort}`, `http://127.0.0.1:${stack.webPort}`];
  return {
    stack,
    host: vars.API_HOST,
    logLevel: vars.LOG_LEVEL,
    webOrigins: vars.WEB_ORIGINS?.split(',').map((origin) => origin.trim()) ?? local,
    rateLimitFactor: vars.RATE_LIMIT_FACTOR,
  };
}
