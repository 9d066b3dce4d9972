import { withoutAt } from '../ui/handle-text.ts';
import { TextField } from '../ui/text-field.tsx';

export interface UsernameFieldProps {
  defaultValue?: string | undefined;
  /** Called with what is typed, for the links that carry it to another page. */
  onType: (username: string) => void;
}

/** The handle or email of an account. */
export function UsernameField({ defaultValue, onType }: UsernameFieldProps) {
  return (
    <TextField
      label="Handle or email"
      name="username"
      autoComplete="username"
      autoCapitalize="none"
      spellCheck={false}
      // Not controlled: React would remove what the browser fills in before it says so.
      defaultValue={defaultValue}
      onChange={(event) => onType(withoutAt(event.target.value))}
      required
    />
  );
}
