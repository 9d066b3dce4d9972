/** Path of the page's configuration, and its file in the build. */
export const PAGE_CONFIG_FILE = 'config.js';

/** The only file of the page that depends on the deployment, so one build serves all. Serve it with `no-cache`. */
export function pageConfigScript(cognito: { userPoolId: string; clientId: string; endpoint?: string }): string {
  const config = {
    COGNITO_USER_POOL_ID: cognito.userPoolId,
    COGNITO_CLIENT_ID: cognito.clientId,
    COGNITO_ENDPOINT: cognito.endpoint,
  };
  return `window.cruddurConfig = ${JSON.stringify(config)};\n`;
}
