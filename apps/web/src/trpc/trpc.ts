import type { AppRouter } from '@cruddur/server';
import { QueryClient } from '@tanstack/react-query';
import { createTRPCClient, type TRPCClient } from '@trpc/client';
import { createTRPCContext, createTRPCOptionsProxy } from '@trpc/tanstack-react-query';

/**
 * `useTRPC` has the typed options of every procedure for the hooks of TanStack Query, `useTRPCClient` the client. Components use them
 * through hooks of their feature.
 */
export const { TRPCProvider, useTRPC, useTRPCClient } = createTRPCContext<AppRouter>();

/** Calls procedures, without the cache. */
export type ApiClient = TRPCClient<AppRouter>;

/** Typed query keys and filters of every procedure, also outside components. Keys do not depend on the client: this one has no server. */
export const trpcKeys = createTRPCOptionsProxy<AppRouter>({
  client: createTRPCClient({ links: [] }),
  queryClient: new QueryClient(),
});
