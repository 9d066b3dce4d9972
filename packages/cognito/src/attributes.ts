import type { AttributeType } from '@aws-sdk/client-cognito-identity-provider';

/** What Cognito knows of a person. */
export interface CognitoProfile {
  /** The person's id, as in the `sub` claim of every token. */
  sub: string;
  /** The handle that the person chose at sign-up; null where there is none. */
  handle: string | null;
  displayName: string | null;
  email: string | null;
  /** Whether Cognito has confirmed the address by a code. */
  emailVerified: boolean;
}

/** A person as Cognito's answers describe them. */
interface Described {
  Username?: string | undefined;
  Attributes?: readonly AttributeType[] | undefined;
}

/**
 * Reads a person from one of Cognito's answers.
 *
 * The handle is the user name, which nobody can change. A pool like the origin's, where people sign in by e-mail address
 * alone, makes its user names from the `sub`: there the handle is `preferred_username`.
 *
 * @throws {TypeError} without a `sub`, which every account of Cognito has
 */
export function parseProfile({ Username, Attributes = [] }: Described): CognitoProfile {
  const values = new Map(Attributes.map(({ Name, Value }) => [Name, Value || null]));
  const sub = values.get('sub');
  if (!sub) throw new TypeError('Cognito gave a user without a sub');
  const hasOwnName = Username !== undefined && Username !== '' && Username !== sub;
  return {
    sub,
    handle: (hasOwnName ? Username : values.get('preferred_username')) ?? null,
    displayName: values.get('name') ?? null,
    email: values.get('email') ?? null,
    emailVerified: values.get('email_verified') === 'true',
  };
}
