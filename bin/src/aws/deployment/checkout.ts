import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { failed, refused } from '../../cli/errors.ts';
import { type AwsSession, stopIfInterrupted } from '../aws-command.ts';

/** @throws {CommandError} if it fails; after Ctrl-C, which the program has received as well, how to continue */
export async function runIn(
  aws: AwsSession,
  folder: '' | 'infra',
  [program = '', ...args]: readonly string[],
  options: { env?: Record<string, string>; capture?: boolean } = {},
): Promise<string> {
  const { exitCode, stdout } = await aws.io.runProgram(program, args, {
    cwd: path.join(aws.io.rootDir, folder),
    ...options,
  });
  stopIfInterrupted(aws);
  if (exitCode !== 0)
    throw failed(`${[program, ...args].join(' ')} ended with ${exitCode}. Run bin/aws/deploy again to continue.`);
  return stdout;
}

/** What is deployed has a name: everything is committed. @returns the commit. @throws {CommandError} otherwise */
export async function requireCommit(aws: AwsSession): Promise<string> {
  const changed = await runIn(aws, '', ['git', 'status', '--porcelain'], { capture: true });
  if (changed.trim() !== '') {
    throw refused(`Commit these files first, so that what is deployed can be found again:\n${changed.trimEnd()}`);
  }
  return (await runIn(aws, '', ['git', 'rev-parse', 'HEAD'], { capture: true })).trim();
}

/** Reads the settings of the region in `infra/cdk.json`, as `readSettings` of `infra/` does. @throws {CommandError} if they name another account or region */
export async function readContext({ account, region, io }: AwsSession): Promise<Record<string, unknown>> {
  const file = path.join(io.rootDir, 'infra/cdk.json');
  const { context = {} } = JSON.parse(await readFile(file, 'utf8')) as { context?: Record<string, unknown> };
  for (const [name, value] of Object.entries({ account, region })) {
    if (context[name] !== undefined && context[name] !== value) {
      throw refused(
        `infra/cdk.json is for the ${name} ${JSON.stringify(context[name])}, but the credentials are for ${value}.`,
      );
    }
  }
  return { ...context, ...Object(context[region]) };
}

/** Runs the CDK for this account and region only. */
export function cdk(aws: AwsSession, args: readonly string[], options?: { capture: boolean }): Promise<string> {
  const { account, region } = aws;
  return runIn(aws, 'infra', ['npx', 'cdk', ...args, '-c', `account=${account}`, '-c', `region=${region}`], options);
}
