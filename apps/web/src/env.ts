/** What the page is built with; see vite.config.ts. */
export interface WebEnv {
  userPoolId: string;
  clientId: string;
  /** Only where an emulator stands in for AWS. */
  cognitoEndpoint?: string;
}

/**
 * Checks the variables of the build. By hand, since a schema library would be a tenth of what `/signin` may weigh; the
 * server's side of the same variables is parsed with zod by `@cruddur/config/env`.
 *
 * @throws Error naming the variable that does not fit
 */
export function readWebEnv(vars: Record<string, unknown>): WebEnv {
  const endpoint = vars.VITE_COGNITO_ENDPOINT;
  const env: WebEnv = {
    userPoolId: matching(vars, 'VITE_COGNITO_USER_POOL_ID', /^[\w-]+_[0-9A-Za-z]+$/),
    clientId: matching(vars, 'VITE_COGNITO_CLIENT_ID', /^\w+$/),
  };
  if (endpoint !== undefined && endpoint !== '') {
    env.cognitoEndpoint = matching(vars, 'VITE_COGNITO_ENDPOINT', /^https?:\/\/\S+$/);
  }
  return env;
}

function matching(vars: Record<string, unknown>, name: string, pattern: RegExp): string {
  const value = vars[name];
  if (typeof value === 'string' && pattern.test(value)) return value;
  throw new Error(`The environment does not fit. ${name}: must match ${pattern.source}`);
}
