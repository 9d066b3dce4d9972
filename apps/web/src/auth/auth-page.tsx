import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { t } from '../i18n/t.ts';
import { Button } from '../ui/button.tsx';
import { classes } from '../ui/classes.ts';
import { LogoMark } from '../ui/logo.tsx';
import { Notice } from '../ui/notice.tsx';
import { useTitle } from '../ui/page-title.ts';
import type { AuthState } from './return-to.tsx';
import type { SubmitState } from './use-submit.ts';

interface AuthLinkProps {
  to: string;
  state: AuthState;
  children: string;
}

interface AuthPageProps {
  title: string;
  children: ReactNode;
  footer?: { question: string; link: AuthLinkProps };
}

export function AuthPage({ title, children, footer }: AuthPageProps) {
  useTitle(title);
  return (
    <main className="flex min-h-full">
      <Introduction />
      <div className="flex min-w-0 grow flex-col items-center px-4 py-8 sm:py-12 lg:justify-center">
        <Brand className="mb-6 lg:hidden" />
        <div className="w-full max-w-md rounded-3xl border border-line bg-surface p-6 shadow-pane sm:p-8">
          <h1 className="mb-6 text-2xl font-semibold tracking-tight text-balance">{title}</h1>
          {children}
        </div>
        {footer ? (
          <p className="mt-6 text-center text-muted">
            {footer.question} <AuthLink {...footer.link} />
          </p>
        ) : null}
      </div>
    </main>
  );
}

function Brand({ className }: { className?: string }) {
  return (
    <p className={classes('flex items-center gap-2.5 text-xl font-semibold tracking-tight', className)}>
      <LogoMark size={34} />
      Cruddur
    </p>
  );
}

const BUBBLE = 'max-w-[85%] rounded-bubble px-4 py-2.5 leading-6';

/** What Cruddur is, next to the form where there is room. */
function Introduction() {
  return (
    <div className="flex w-[46%] max-w-3xl flex-col gap-12 border-e border-line bg-surface p-12 max-lg:hidden xl:p-16">
      <Brand />
      <div className="my-auto">
        <p className="max-w-md text-5xl leading-[1.05] font-semibold tracking-tight text-balance">{t('auth.intro')}</p>
        <div aria-hidden="true" className="mt-12 flex max-w-md flex-col gap-2 text-lg">
          <p className={classes(BUBBLE, 'self-start rounded-es-sm bg-theirs')}>{t('auth.intro.theirs')}</p>
          <p className={classes(BUBBLE, 'self-end rounded-ee-sm bg-own')}>{t('auth.intro.own')}</p>
          <p className={classes(BUBBLE, 'self-start rounded-es-sm bg-theirs')}>{t('auth.intro.theirsAgain')}</p>
        </div>
      </div>
    </div>
  );
}

export function AuthLink({ to, state, children }: AuthLinkProps) {
  return (
    <Link to={to} state={state} className="font-medium text-moss underline underline-offset-4 hover:text-moss-strong">
      {children}
    </Link>
  );
}

interface AuthFormProps {
  form: SubmitState;
  /** Shown unless there is an error. */
  notice?: string | undefined;
  button: string;
  busyButton?: string;
  children: ReactNode;
}

export function AuthForm({ form, notice, button, busyButton = button, children }: AuthFormProps) {
  return (
    <form onSubmit={form.onSubmit} className="space-y-5">
      {form.error ? <Notice>{form.error}</Notice> : notice ? <Notice look="info">{notice}</Notice> : null}
      {children}
      <Button type="submit" busy={form.busy} className="w-full">
        {form.busy ? busyButton : button}
      </Button>
    </form>
  );
}

export function ResendCodeForm({ form }: { form: SubmitState }) {
  return (
    <form onSubmit={form.onSubmit} className="mt-3">
      <Button type="submit" look="quiet" busy={form.busy} className="w-full">
        {t('auth.code.resend')}
      </Button>
    </form>
  );
}
