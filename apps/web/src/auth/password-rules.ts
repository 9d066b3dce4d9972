/** A rule of the user pool for passwords. */
export interface PasswordRule {
  words: string;
  isKept(password: string): boolean;
}

/** Cognito's default policy, which infra and the emulator use. */
export const PASSWORD_RULES: readonly PasswordRule[] = [
  { words: '8 characters or more', isKept: (password) => password.length >= 8 },
  { words: 'a lowercase letter', isKept: (password) => /[a-z]/.test(password) },
  { words: 'an uppercase letter', isKept: (password) => /[A-Z]/.test(password) },
  { words: 'a digit', isKept: (password) => /[0-9]/.test(password) },
  // The symbols that Cognito counts, and a space in the middle.
  {
    words: 'a symbol, such as ! or -',
    isKept: (password) => /[$*.[\]{}()?"!@#%&/\\,><':;|_~`=+^-]|\S \S/.test(password),
  },
];
