import { Check, Circle } from 'lucide-react';
import { useState } from 'react';
import { type TextKey, t } from '../i18n/t.ts';
import { classes } from '../ui/classes.ts';
import { withoutAt } from '../ui/text.ts';
import { TextField } from '../ui/text-field.tsx';
import type { Fields } from './use-submit.ts';

export interface UsernameFieldProps {
  defaultValue?: string | undefined;
  /** Links pass the value on to other pages. */
  onType: (username: string) => void;
}

export function UsernameField({ defaultValue, onType }: UsernameFieldProps) {
  return (
    <TextField
      label={t('auth.username')}
      name="username"
      autoComplete="username"
      autoCapitalize="none"
      spellCheck={false}
      // Uncontrolled: React would remove what the browser fills in without an event.
      defaultValue={defaultValue}
      onChange={(event) => onType(withoutAt(event.target.value))}
      required
    />
  );
}

export function CodeField({ error, autoFocus = true }: { error?: string | undefined; autoFocus?: boolean }) {
  return (
    <TextField
      label={t('auth.code')}
      name="code"
      inputMode="numeric"
      autoComplete="one-time-code"
      // Codes are often copied in two groups of three.
      pattern="[\s\-]*([0-9][\s\-]*){6}"
      title={t('auth.code.rule')}
      error={error}
      required
      autoFocus={autoFocus}
      className="[&_input]:tracking-[0.3em]"
    />
  );
}

export const codeOf = (fields: Fields): string => fields('code').replaceAll(/[\s-]/g, '');

/** A field for a new password. Each rule is ticked once it is met. */
export function NewPasswordField({
  label = t('auth.password'),
  error,
}: {
  label?: string;
  error?: string | undefined;
}) {
  const [password, setPassword] = useState('');
  return (
    <TextField
      label={label}
      name="password"
      type="password"
      error={error}
      autoComplete="new-password"
      required
      value={password}
      problem={(value) => (PASSWORD_RULES.every((rule) => rule.pattern.test(value)) ? '' : t('auth.password.rules'))}
      onChange={(event) => setPassword(event.target.value)}
      hint={
        <ul className="flex flex-wrap gap-x-4 gap-y-1">
          {PASSWORD_RULES.map(({ text, pattern }) => {
            const isMet = pattern.test(password);
            const rule = t(text);
            const Mark = isMet ? Check : Circle;
            return (
              <li key={text} className={classes('flex items-center gap-1.5', isMet && 'text-moss')}>
                <Mark size={14} strokeWidth={isMet ? 3 : 2} aria-hidden />
                <span aria-hidden={isMet}>{rule}</span>
                <span className="sr-only">{isMet ? t('auth.password.met', { rule }) : ''}</span>
              </li>
            );
          })}
        </ul>
      }
    />
  );
}

/** Cognito's default policy, which infra and the emulator use. */
export const PASSWORD_RULES = [
  { text: 'auth.password.length', pattern: /.{8}/s },
  { text: 'auth.password.lower', pattern: /[a-z]/ },
  { text: 'auth.password.upper', pattern: /[A-Z]/ },
  { text: 'auth.password.digit', pattern: /[0-9]/ },
  // The symbols that Cognito accepts, or a space in the middle.
  { text: 'auth.password.symbol', pattern: /[$*.[\]{}()?"!@#%&/\\,><':;|_~`=+^-]|\S \S/ },
] as const satisfies readonly { text: TextKey; pattern: RegExp }[];
