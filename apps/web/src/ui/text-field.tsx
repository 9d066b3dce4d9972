import { type InputHTMLAttributes, type ReactNode, useId, useState } from 'react';
import { t } from '../i18n/t.ts';
import { classes } from './classes.ts';

export interface TextFieldProps extends InputHTMLAttributes<HTMLInputElement> {
  label: string;
  name: string;
  /** Shown from the start. */
  hint?: ReactNode;
  /** What is wrong with the value, or an empty string. Blocks submitting. */
  problem?: (value: string) => string;
  /** Why the server refused the value. */
  error?: string | undefined;
}

const INPUT =
  'h-12 w-full rounded-xl border border-edge bg-surface px-3.5 text-base text-ink outline-none placeholder:text-muted focus:border-moss focus:ring-1 focus:ring-moss';

export function TextField({ label, hint, problem, error, className, type = 'text', ...input }: TextFieldProps) {
  const id = useId();
  const describedBy = classes(error !== undefined && `${id}-error`, Boolean(hint) && `${id}-hint`);
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1.5 block text-sm font-medium">
        {label}
      </label>
      <FieldInput
        id={id}
        type={type}
        aria-invalid={error === undefined ? undefined : true}
        aria-describedby={describedBy === '' ? undefined : describedBy}
        className={INPUT}
        onInput={problem && (({ currentTarget }) => currentTarget.setCustomValidity(problem(currentTarget.value)))}
        {...input}
      />
      {error === undefined ? null : (
        <p id={`${id}-error`} role="alert" className="mt-1.5 text-sm font-medium text-danger">
          {error}
        </p>
      )}
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
      <input type={shown ? 'text' : 'password'} className={classes(className, 'pe-16')} {...input} />
      <button
        type="button"
        aria-label={t(shown ? 'auth.password.hide.label' : 'auth.password.show.label')}
        onClick={() => setShown(!shown)}
        className="absolute inset-y-0 end-0 w-16 rounded-e-xl text-sm font-medium text-muted hover:text-ink"
      >
        {t(shown ? 'auth.password.hide' : 'auth.password.show')}
      </button>
    </div>
  );
}
