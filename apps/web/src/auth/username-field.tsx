import { TextField } from '../ui/text-field.tsx';

/** Who it is about, by handle or e-mail. */
export function UsernameField({ defaultValue }: { defaultValue?: string | undefined }) {
  return (
    <TextField
      label="Handle or e-mail"
      name="username"
      autoComplete="username"
      autoCapitalize="none"
      spellCheck={false}
      defaultValue={defaultValue}
      required
    />
  );
}
