import type { AppRouter } from '@cruddur/server';
import { createTRPCReact } from '@trpc/react-query';

/** The typed hooks of every procedure. Components call them through hooks of their feature. */
export const trpc = createTRPCReact<AppRouter>();
