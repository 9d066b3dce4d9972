import type { AppRouter } from '@cruddur/server';
import { createTRPCReact } from '@trpc/react-query';

/** The typed hooks of every procedure. Components use them through one hook a file, never directly. */
export const trpc = createTRPCReact<AppRouter>();
