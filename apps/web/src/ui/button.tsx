import type { ButtonHTMLAttributes, Ref } from 'react';
import { classes } from './classes.ts';

const LOOKS = {
  primary: 'bg-moss text-on-moss hover:bg-moss-strong disabled:opacity-50',
  danger: 'bg-danger text-surface hover:opacity-90 disabled:opacity-50',
  quiet: 'border border-edge text-ink hover:bg-hover disabled:opacity-50',
} as const;

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: keyof typeof LOOKS;
  ref?: Ref<HTMLButtonElement>;
  /** Ignores clicks, and is announced as busy. */
  busy?: boolean;
}

/** A button in a line of text. */
export function TextButton(props: ButtonHTMLAttributes<HTMLButtonElement>) {
  return (
    <button
      type="button"
      className="min-h-6 font-semibold underline underline-offset-4 pointer-coarse:min-h-11"
      {...props}
    />
  );
}

export function Button({ look = 'primary', busy = false, className, type = 'button', ...rest }: ButtonProps) {
  return (
    <button
      type={type}
      aria-busy={busy || undefined}
      aria-disabled={busy || undefined}
      className={classes(
        'inline-flex min-h-11 items-center justify-center gap-2 rounded-full px-5 font-medium transition-colors',
        LOOKS[look],
        busy && 'opacity-70',
        className,
      )}
      {...rest}
      onClick={busy ? (event) => event.preventDefault() : rest.onClick}
    />
  );
}
