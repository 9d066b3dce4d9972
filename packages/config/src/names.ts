/** The table's name where the environment gives none. */
export const DEFAULT_TABLE_NAME = 'cruddur-messages';

/** What the origin's databases hold for a user whom Cognito does not know yet. */
export const COGNITO_USER_ID_PLACEHOLDER = 'MOCK';
