import type { AttributeType } from '@aws-sdk/client-cognito-identity-provider';

/** What Cognito knows of a person. */
export interface CognitoProfile {
  /** The person's id, as in the `sub` claim of every token. */
  sub: string;
  /** The handle (`preferred_username`) that the person chose at sign-up; null where there is none. */
  handle: string | null;
  displayName: string | null;
  email: string | null;
}

/**
 * Reads a person from Cognito's attribute list.
 *
 * @throws {TypeError} when there is no `sub`, which Cognito gives to everybody
 */
export function parseProfile(attributes: readonly AttributeType[] = []): CognitoProfile {
  const values = new Map(attributes.map(({ Name, Value }) => [Name, Value || null]));
  const sub = values.get('sub');
  if (!sub) throw new TypeError('Cognito gave a user without a sub');
  return {
    sub,
    handle: values.get('preferred_username') ?? null,
    displayName: values.get('name') ?? null,
    email: values.get('email') ?? null,
  };
}
