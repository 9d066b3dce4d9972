import { TextField } from '../ui/text-field.tsx';

/** Who it is about, by handle or email. */
export function UsernameField({ defaultValue }: { defaultValue?: string | undefined }) {
  return (
    <TextField
      label="Handle or email"
      name="username"
      autoComplete="username"
      autoCapitalize="none"
      spellCheck={false}
      defaultValue={defaultValue}
      required
    />
  );
}
