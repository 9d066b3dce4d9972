import { type FormEvent, useState } from 'react';
import { authErrorWords } from './auth-error-words.ts';
import { useSessionStore } from './session-context.tsx';

/** A form's fields by name, as text. */
export type Fields = (name: string) => string;

/** The text fields of a form. */
export function fieldsOf(data: FormData): Fields {
  return (name) => {
    const value = data.get(name);
    return typeof value === 'string' ? value : '';
  };
}

/**
 * Runs what a form does, with Amplify ready for it, once at a time, and says in plain words why it failed.
 *
 * @param submit - throws Cognito's error, or a {@link PlainError}
 */
export function useSubmit(submit: (fields: Fields) => Promise<void>) {
  const session = useSessionStore();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy) return;
    const data = new FormData(event.currentTarget);
    setBusy(true);
    setError(null);
    try {
      await session.connect();
      await submit(fieldsOf(data));
    } catch (failure) {
      setError(failure instanceof PlainError ? failure.message : authErrorWords(failure));
    } finally {
      setBusy(false);
    }
  };
  return { busy, error, onSubmit, clearError: () => setError(null) };
}

/** An error whose message is written for the person at the form. */
export class PlainError extends Error {}
