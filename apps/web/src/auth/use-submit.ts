import { type FormEvent, useState } from 'react';
import { useSessionStore } from '../session/session-store.ts';
import { authErrorField, authErrorWords } from './auth-error-words.ts';

/** A form's fields by name, as text. */
export type Fields = (name: string) => string;

export type SubmitState = ReturnType<typeof useSubmit>;

/**
 * Submits a form once at a time, with Amplify connected.
 *
 * @param submit - throws Cognito's error, or a {@link PlainError}
 * @returns why it failed, in plain words: `errorAt` for an error of one field, which gets the focus, `error` for others
 */
export function useSubmit(submit: (fields: Fields) => Promise<void>) {
  const session = useSessionStore();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<{ words: string; field: string | undefined } | null>(null);
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy) return;
    const form = event.currentTarget;
    const data = new FormData(form);
    const fields: Fields = (name) => {
      const value = data.get(name);
      return typeof value === 'string' ? value : '';
    };
    setBusy(true);
    setError(null);
    try {
      await session.connect();
      await submit(fields);
    } catch (failure) {
      const field = form.elements.namedItem(authErrorField(failure) ?? '');
      if (field instanceof HTMLInputElement) field.focus();
      const words = failure instanceof PlainError ? failure.message : authErrorWords(failure);
      setError({ words, field: field instanceof HTMLInputElement ? field.name : undefined });
    } finally {
      setBusy(false);
    }
  };
  return {
    busy,
    error: error?.field === undefined ? error?.words : undefined,
    errorAt: (field: string) => (error?.field === field ? error.words : undefined),
    onSubmit,
    clearError: () => setError(null),
  };
}

/** `useSubmit` for a form with a code, and for a second form that sends a new code. `form` shows the errors of both. */
export function useCodeForms(submit: (fields: Fields) => Promise<void>, resend: () => Promise<unknown>) {
  const [isResent, setIsResent] = useState(false);
  const form = useSubmit(submit);
  const resendForm = useSubmit(async () => {
    form.clearError();
    await resend();
    setIsResent(true);
  });
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    resendForm.clearError();
    return form.onSubmit(event);
  };
  return { form: { ...form, onSubmit, error: form.error ?? resendForm.error }, resendForm, isResent };
}

/** An error whose message is shown unchanged. */
export class PlainError extends Error {}
