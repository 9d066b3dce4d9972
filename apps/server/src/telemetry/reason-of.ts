import type { TRPCError } from '@trpc/server';
import { Refusal } from '../errors.ts';

/** What logs, spans and measures call an error: the refusal's reason, or tRPC's code where it is none of ours. */
export function reasonOf(error: TRPCError): string {
  return error instanceof Refusal ? error.reason : error.code;
}
