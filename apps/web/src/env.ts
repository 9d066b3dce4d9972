/** The variables of `/config.js`, which each deployment writes: `@cruddur/config/page-config`. */
export interface WebEnv {
  userPoolId: string;
  clientId: string;
  /** Only for an emulator. */
  cognitoEndpoint?: string;
}

declare global {
  interface Window {
    cruddurConfig?: Record<string, unknown>;
  }
}

/**
 * Checks the deployment's variables, without a schema library, which would be a tenth of the bytes of `/signin`.
 *
 * @throws Error naming the invalid variable
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
  throw new Error(`The environment is invalid. ${name} must match ${pattern.source}`);
}
