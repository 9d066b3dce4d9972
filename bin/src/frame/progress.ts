import { isWatched } from './command-io.ts';
import type { Session } from './session.ts';

/** Shows the progress of long work on a terminal, but not with `--verbose`, which reports each call. */
export async function withProgress<T>(
  { out, io }: Pick<Session, 'out' | 'io'>,
  text: string,
  work: (update: (text: string) => void) => Promise<T>,
): Promise<T> {
  if (out.verbose || !isWatched(io)) return await work(() => undefined);
  out.status.show(text);
  try {
    return await work(out.status.show);
  } finally {
    out.status.hide();
  }
}
