import type { Output } from './output.ts';

/** Shows on a terminal how far a long work has come; elsewhere, and beside `--verbose`, it shows nothing. */
export async function withProgress<T>(
  out: Output,
  text: string,
  work: (update: (text: string) => void) => Promise<T>,
): Promise<T> {
  if (!out.watched || out.verbose) return await work(() => undefined);
  const { default: ora } = await import('ora');
  const spinner = ora({ text, stream: process.stderr, discardStdin: false }).start();
  try {
    return await work((now) => {
      spinner.text = now;
    });
  } finally {
    spinner.stop();
  }
}
