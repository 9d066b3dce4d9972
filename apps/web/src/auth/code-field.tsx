import { TextField } from '../ui/text-field.tsx';

/** The field of a code that was sent; phones offer it from the message. */
export function CodeField() {
  return (
    <TextField
      label="Code"
      name="code"
      inputMode="numeric"
      autoComplete="one-time-code"
      pattern="\s*[0-9]{6}\s*"
      title="Six digits"
      required
      className="[&_input]:tracking-[0.3em]"
    />
  );
}
