import { Eye, EyeOff } from 'lucide-react';
import { type InputHTMLAttributes, type ReactNode, useId, useState } from 'react';
import { classes } from './classes.ts';

export interface TextFieldProps extends InputHTMLAttributes<HTMLInputElement> {
  label: string;
  name: string;
  /** Told before anything is typed. */
  hint?: ReactNode;
  /** What is wrong with what was typed. */
  error?: string | undefined;
}

const INPUT =
  'h-12 w-full rounded-xl border bg-surface px-3.5 text-base text-ink outline-offset-1 placeholder:text-muted';

/** A labelled line of text. */
export function TextField({ label, hint, error, className, type = 'text', ...input }: TextFieldProps) {
  const id = useId();
  const described = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ');
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1.5 block text-sm font-medium">
        {label}
      </label>
      <FieldInput
        id={id}
        type={type}
        aria-describedby={described || undefined}
        aria-invalid={error ? true : undefined}
        className={classes(INPUT, error ? 'border-danger' : 'border-edge')}
        {...input}
      />
      {hint ? (
        <div id={`${id}-hint`} className="mt-1.5 text-sm text-muted">
          {hint}
        </div>
      ) : null}
      {error ? (
        <p id={`${id}-error`} className="mt-1.5 text-sm text-danger">
          {error}
        </p>
      ) : null}
    </div>
  );
}

function FieldInput({ type, className, ...input }: InputHTMLAttributes<HTMLInputElement>) {
  const [shown, setShown] = useState(false);
  if (type !== 'password') return <input type={type} className={className} {...input} />;
  return (
    <div className="relative">
      <input type={shown ? 'text' : 'password'} className={classes(className, 'pr-12')} {...input} />
      <button
        type="button"
        aria-label="Show password"
        aria-pressed={shown}
        onClick={() => setShown(!shown)}
        className="absolute inset-y-0 right-0 flex w-12 items-center justify-center rounded-r-xl text-muted hover:text-ink"
      >
        {shown ? <EyeOff size={20} aria-hidden /> : <Eye size={20} aria-hidden />}
      </button>
    </div>
  );
}
