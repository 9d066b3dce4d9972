import { Check, Circle } from 'lucide-react';
import { useState } from 'react';
import { classes } from '../ui/classes.ts';
import { TextField } from '../ui/text-field.tsx';
import { PASSWORD_RULES } from './password-rules.ts';

/** The field of a new password: the rules are told before, and ticked as they are kept. */
export function NewPasswordField({ label = 'Password' }: { label?: string }) {
  const [password, setPassword] = useState('');
  return (
    <TextField
      label={label}
      name="password"
      type="password"
      autoComplete="new-password"
      required
      value={password}
      problem={(value) => (PASSWORD_RULES.every((rule) => rule.isKept(value)) ? '' : 'Keep to the rules below.')}
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
