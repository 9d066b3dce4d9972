/** Where the page is served its configuration, and the name of the file in the build. */
export const PAGE_CONFIG_FILE = 'config.js';

/**
 * The script that tells the page where Cognito is: the one file of the page that belongs to a deployment and not to the
 * build, so that one build serves them all. Whoever serves the page writes it, and sends it with `no-cache`.
 */
export function pageConfigScript(cognito: { userPoolId: string; clientId: string; endpoint?: string }): string {
  const config = {
    COGNITO_USER_POOL_ID: cognito.userPoolId,
    COGNITO_CLIENT_ID: cognito.clientId,
    ...(cognito.endpoint === undefined ? {} : { COGNITO_ENDPOINT: cognito.endpoint }),
  };
  return `window.cruddurConfig = ${JSON.stringify(config)};\n`;
}
