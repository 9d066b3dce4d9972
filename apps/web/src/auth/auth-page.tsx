import type { ReactNode } from 'react';
import { Link } from 'react-router-dom';
import { LogoMark } from '../ui/logo.tsx';
import { useTitle } from '../ui/page-title.ts';
import type { AuthState } from './return-to.ts';

export interface AuthPageProps {
  title: string;
  children: ReactNode;
  footer?: ReactNode;
}

/** The layout of the auth pages: logo, title, and a card with the form. */
export function AuthPage({ title, children, footer }: AuthPageProps) {
  useTitle(title);
  return (
    <main className="flex min-h-full flex-col items-center px-4 py-8 sm:py-16">
      <div className="mb-6 flex items-center gap-2.5">
        <LogoMark size={34} />
        <span className="text-xl font-semibold tracking-tight">Cruddur</span>
      </div>
      <div className="w-full max-w-md rounded-3xl border border-line bg-surface p-6 shadow-pane sm:p-8">
        <h1 className="mb-6 text-2xl font-semibold tracking-tight">{title}</h1>
        {children}
      </div>
      {footer ? <p className="mt-6 text-center text-muted">{footer}</p> : null}
    </main>
  );
}

export function AuthLink({ to, state, children }: { to: string; state: AuthState; children: ReactNode }) {
  return (
    <Link to={to} state={state} className="font-medium text-moss underline underline-offset-4 hover:text-moss-strong">
      {children}
    </Link>
  );
}
