import { bareCommand, type CommandIo, jsonOption } from '../cli/command.ts';
import { CommandError, explainAwsError, failed, refused } from '../cli/errors.ts';
import { createOutput, type Output, type OutputFlags } from '../cli/output.ts';

/** What a command in `bin/aws` works with. Its services are always those of AWS. */
export interface AwsSession {
  region: string;
  /** Twelve digits. */
  account: string;
  out: Output;
  io: CommandIo;
  /** Aborts at Ctrl-C. */
  interrupted: AbortSignal;
  /** Creates a client of the session's region, or of another one; it is closed when the command ends. */
  client<Client extends { destroy(): void }>(
    Class: new (config: { region: string }) => Client,
    region?: string,
  ): Client;
}

/** Defines a command that works with the deployment on AWS. It needs no `prod`: there is no local stand-in. */
export function awsCommand(io: CommandIo, name: string, help: { summary: string; examples: readonly string[] }) {
  return bareCommand(io, name, help).addOption(jsonOption());
}

/**
 * Prints account and region, then runs `use`.
 *
 * @throws {CommandError} without credentials or region, if STS does not answer, or with AWS's reason if a service refuses
 */
export async function withAws<T>(
  io: CommandIo,
  flags: OutputFlags,
  use: (session: AwsSession) => Promise<T>,
): Promise<T> {
  const out = createOutput(flags, io);
  // Loaded on demand: `--help` needs no SDK.
  const { findAwsAccount } = await import('../cli/aws-account.ts');
  const { region, account, accountId } = await findAwsAccount(true);
  for (const [name, value] of Object.entries({ account, region })) {
    out.say((colors) => `${colors.bold(`${name}:`)} ${value}`);
  }
  if (region === undefined || accountId === undefined) throw failed('The account is not known, so nothing was done.');
  const clients: { destroy(): void }[] = [];
  // Read once: each reading listens for Ctrl-C again.
  const { interrupted } = io;
  try {
    return await use({
      region,
      account: accountId,
      out,
      io,
      interrupted,
      client(Class, ofRegion = region) {
        const client = new Class({ region: ofRegion });
        clients.push(client);
        return client;
      },
    });
  } catch (error) {
    throw explain(error, region);
  } finally {
    for (const client of clients) client.destroy();
  }
}

/** The pause between two polls. */
const POLL_MS = 5000;

interface Wait {
  /** What is awaited, such as `the table is active`: shown as progress. */
  until: string;
  /** After how many minutes to give up. */
  minutes: number;
  pollMs?: number;
  /** What to run to continue after Ctrl-C. */
  again?: string;
}

const AGAIN = 'Run the same command again to continue.';

/**
 * Polls until `check` returns something.
 *
 * @param check - may call `update` to show how far it is
 * @throws {CommandError} at Ctrl-C, and when the time is over; AWS continues meanwhile, so the command can be run again
 */
export async function waitUntil<T>(
  session: Pick<AwsSession, 'out' | 'io' | 'interrupted'>,
  { until, minutes, pollMs = POLL_MS, again = AGAIN }: Wait,
  check: (update: (progress: string) => void) => Promise<T | undefined>,
): Promise<T> {
  const { out, io, interrupted } = session;
  return await out.withProgress(`Waiting until ${until}`, async (update) => {
    for (let asked = 0; asked * pollMs <= minutes * 60_000; asked++) {
      const found = await check((progress) => update(`Waiting until ${until}: ${progress}`));
      if (found !== undefined) return found;
      await io.pause(pollMs, interrupted);
      stopIfInterrupted(session, again);
    }
    throw failed(`After ${minutes} minutes, still waiting until ${until}. ${again}`);
  });
}

/** @throws {CommandError} after Ctrl-C; call it between two steps */
export function stopIfInterrupted({ interrupted }: Pick<AwsSession, 'interrupted'>, again = AGAIN): void {
  if (interrupted.aborted) throw refused(`Stopped. ${again}`);
}

function explain(error: unknown, region: string): unknown {
  if (error instanceof CommandError || !(error instanceof Error)) return error;
  const missing = () => `AWS in ${region} does not have it: ${error.message}`;
  return explainAwsError(error, { name: 'AWS', prod: true, embedded: false, variable: 'AWS_REGION', region, missing });
}
