import type { AppRouter } from '@cruddur/server';
import { QueryClient } from '@tanstack/react-query';
import { createTRPCClient, type TRPCClient } from '@trpc/client';
import { createTRPCContext, createTRPCOptionsProxy } from '@trpc/tanstack-react-query';

/** Typed options of every procedure for the hooks of TanStack Query, and the typed client. Components use them through hooks of their feature. */
export const { TRPCProvider, useTRPC, useTRPCClient } = createTRPCContext<AppRouter>();

export type ApiClient = TRPCClient<AppRouter>;

/** Typed query keys and filters of every procedure, also outside components. They depend on no client: this one reaches no server. */
export const trpcKeys = createTRPCOptionsProxy<AppRouter>({
  client: createTRPCClient({ links: [] }),
  queryClient: new QueryClient(),
});
