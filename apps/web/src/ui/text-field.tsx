import { type InputHTMLAttributes, type ReactNode, useId, useState } from 'react';
import { classes } from './classes.ts';

export interface TextFieldProps extends InputHTMLAttributes<HTMLInputElement> {
  label: string;
  name: string;
  /** Told before anything is typed. */
  hint?: ReactNode;
  /** What is wrong with what was typed; empty where nothing is. The form is not sent until then. */
  problem?: (value: string) => string;
}

const INPUT =
  'h-12 w-full rounded-xl border border-edge bg-surface px-3.5 text-base text-ink outline-none placeholder:text-muted focus:border-moss focus:ring-1 focus:ring-moss';

/** A labelled line of text. */
export function TextField({ label, hint, problem, className, type = 'text', ...input }: TextFieldProps) {
  const id = useId();
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1.5 block text-sm font-medium">
        {label}
      </label>
      <FieldInput
        id={id}
        type={type}
        aria-describedby={hint ? `${id}-hint` : undefined}
        className={INPUT}
        onInput={problem && (({ currentTarget }) => currentTarget.setCustomValidity(problem(currentTarget.value)))}
        {...input}
      />
      {hint ? (
        <div id={`${id}-hint`} className="mt-1.5 text-sm text-muted">
          {hint}
        </div>
      ) : null}
    </div>
  );
}

function FieldInput({ type, className, ...input }: InputHTMLAttributes<HTMLInputElement>) {
  const [shown, setShown] = useState(false);
  if (type !== 'password') return <input type={type} className={className} {...input} />;
  return (
    <div className="relative">
      <input type={shown ? 'text' : 'password'} className={classes(className, 'pr-16')} {...input} />
      <button
        type="button"
        aria-label={shown ? 'Hide password' : 'Show password'}
        onClick={() => setShown(!shown)}
        className="absolute inset-y-0 right-0 w-16 rounded-r-xl text-sm font-medium text-muted hover:text-ink"
      >
        {shown ? 'Hide' : 'Show'}
      </button>
    </div>
  );
}
