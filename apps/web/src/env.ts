/** What the page is told by `/config.js`, which each deployment writes: see `@cruddur/config/page-config`. */
export interface WebEnv {
  userPoolId: string;
  clientId: string;
  /** Only where an emulator stands in for AWS. */
  cognitoEndpoint?: string;
}

declare global {
  interface Window {
    cruddurConfig?: Record<string, unknown>;
  }
}

/**
 * Checks the variables of the deployment. By hand, since a schema library would be a tenth of what `/signin` may weigh; the
 * server's side of the same variables is parsed with zod by `@cruddur/config/env`.
 *
 * @throws Error naming the variable that does not fit
 */
export function readWebEnv(vars: Record<string, unknown> = {}): WebEnv {
  const endpoint = vars.COGNITO_ENDPOINT;
  const env: WebEnv = {
    userPoolId: matching(vars, 'COGNITO_USER_POOL_ID', /^[\w-]+_[0-9A-Za-z]+$/),
    clientId: matching(vars, 'COGNITO_CLIENT_ID', /^\w+$/),
  };
  if (endpoint !== undefined && endpoint !== '') {
    env.cognitoEndpoint = matching(vars, 'COGNITO_ENDPOINT', /^https?:\/\/\S+$/);
  }
  return env;
}

function matching(vars: Record<string, unknown>, name: string, pattern: RegExp): string {
  const value = vars[name];
  if (typeof value === 'string' && pattern.test(value)) return value;
  throw new Error(`The environment does not fit. ${name}: must match ${pattern.source}`);
}
