import { type ReactNode, useState } from 'react';
import { ApiProvider } from './app/api-provider.tsx';
import { restore } from './persist/restore.ts';
import type { Stored } from './persist/store.ts';
import { createServerClock, type ServerClock } from './trpc/server-clock.ts';

const TOKENS = { get: () => 'token', expire: () => undefined };

interface TestApiProps {
  clock?: ServerClock;
  stored?: Stored | undefined;
  children: ReactNode;
}

/** The typed client of a signed-in person. Tests answer its calls by replacing `fetch`. */
export function TestApi({ clock: given, stored, children }: TestApiProps) {
  const [clock] = useState(() => given ?? createServerClock(Date.now));
  return (
    <ApiProvider
      tokens={TOKENS}
      clock={clock}
      restore={stored && ((client) => restore(client, stored, Date.now()))}
      onSessionOver={() => undefined}
    >
      {children}
    </ApiProvider>
  );
}
