import { Check, Circle } from 'lucide-react';
import { useState } from 'react';
import { classes } from '../ui/classes.ts';
import { TextField } from '../ui/text-field.tsx';
import { PASSWORD_RULES } from './password-rules.ts';

/** The field for a new password, with the rules, ticked as they are met. */
export function NewPasswordField({ label = 'Password', error }: { label?: string; error?: string | undefined }) {
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
      problem={(value) => (PASSWORD_RULES.every((rule) => rule.isKept(value)) ? '' : 'Follow the rules below.')}
      onChange={(event) => setPassword(event.target.value)}
      hint={
        <ul className="flex flex-wrap gap-x-4 gap-y-1">
          {PASSWORD_RULES.map((rule) => {
            const kept = rule.isKept(password);
            const Mark = kept ? Check : Circle;
            return (
              <li key={rule.words} className={classes('flex items-center gap-1.5', kept && 'text-moss')}>
                <Mark size={14} strokeWidth={kept ? 3 : 2} aria-hidden />
                <span>{rule.words}</span>
                <span className="sr-only">{kept ? ', done' : ''}</span>
              </li>
            );
          })}
        </ul>
      }
    />
  );
}
