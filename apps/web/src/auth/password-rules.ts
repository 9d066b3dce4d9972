/** A rule of the user pool for passwords, in words, and whether a password keeps it. */
export interface PasswordRule {
  words: string;
  isKept(password: string): boolean;
}

/** Cognito's default policy, which our pools have: infra and the emulator are set up with it. */
export const PASSWORD_RULES: readonly PasswordRule[] = [
  { words: '8 characters or more', isKept: (password) => password.length >= 8 },
  { words: 'a small letter', isKept: (password) => /[a-z]/.test(password) },
  { words: 'a capital letter', isKept: (password) => /[A-Z]/.test(password) },
  { words: 'a digit', isKept: (password) => /[0-9]/.test(password) },
  // The marks that Cognito counts, and a space inside.
  { words: 'a mark such as ! or -', isKept: (password) => /[$*.[\]{}()?"!@#%&/\\,><':;|_~`=+^-]|\S \S/.test(password) },
];
