import { type ReactNode, useState } from 'react';
import { ApiProvider } from './app/api-provider.tsx';
import { createServerClock, type ServerClock } from './trpc/server-clock.ts';

const TOKENS = { get: () => 'token', expire: () => undefined };

/** The typed client of a signed-in person. Tests answer its calls by replacing `fetch`. */
export function TestApi({ clock: given, children }: { clock?: ServerClock; children: ReactNode }) {
  const [clock] = useState(() => given ?? createServerClock(Date.now));
  return (
    <ApiProvider tokens={TOKENS} clock={clock} onSessionOver={() => undefined}>
      {children}
    </ApiProvider>
  );
}
