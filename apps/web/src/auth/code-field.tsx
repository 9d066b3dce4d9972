import { TextField } from '../ui/text-field.tsx';
import type { Fields } from './use-submit.ts';

/** The field for a code that was sent. Phones offer it from the message. */
export function CodeField({ error, autoFocus = true }: { error?: string | undefined; autoFocus?: boolean }) {
  return (
    <TextField
      label="Code"
      name="code"
      inputMode="numeric"
      autoComplete="one-time-code"
      // Codes are often shown, and copied, in two groups.
      pattern="[\s\-]*([0-9][\s\-]*){6}"
      title="Six digits"
      error={error}
      required
      // The page is there for the code: people type it as soon as they have it.
      autoFocus={autoFocus}
      className="[&_input]:tracking-[0.3em]"
    />
  );
}

/** The digits in the code field of a form. */
export const codeOf = (fields: Fields): string => fields('code').replaceAll(/[\s-]/g, '');
