/** The table's name where the environment gives none. */
export const DEFAULT_TABLE_NAME = 'cruddur-messages';

/**
 * Handles and e-mail addresses are compared without the case of ASCII letters, all other characters as they are spelt.
 * Unicode's own rules would turn the Kelvin sign into a k, and `İ` into an i.
 */
export function foldAsciiCase(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** What the origin's databases have as the Cognito id of a user that Cognito does not know yet. */
export const COGNITO_USER_ID_PLACEHOLDER = 'MOCK';
