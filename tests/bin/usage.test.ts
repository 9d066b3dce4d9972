import { readFileSync, statSync } from 'node:fs';
import { freePort } from '@cruddur/local/free-port';
import { describe, expect, it } from 'vitest';
import {
  AWS_COMMANDS,
  type BinCommand,
  binFile,
  COMMANDS,
  loadInNode,
  runBin,
  runBinProcess,
} from './support/run-bin.ts';

const REPORT = '6a09e667f3bcc908b2fb1366ea957d3e';

const ALL: readonly BinCommand[] = [...COMMANDS, ...AWS_COMMANDS];

/** What a command does not run without. */
const NEEDED: Partial<Record<BinCommand, string[]>> = {
  'ddb/drop': ['cruddur-messages', '--yes', 'cruddur-messages'],
  'db/drop': ['--yes', 'cruddur'],
  'moderation/show': [REPORT],
  'moderation/resolve': [REPORT, '--reason', 'Spam', '--yes', REPORT.slice(0, 8), '--by', 'ada'],
  'moderation/suspend': ['londo', '--reason', 'Spam', '--yes', 'londo', '--by', 'ada'],
  'moderation/unsuspend': ['londo', '--reason', 'Spam', '--yes', 'londo', '--by', 'ada'],
};

/** No service answers at its ports. */
async function portsWithoutService(): Promise<Record<string, string>> {
  const port = String(await freePort());
  return { DYNAMODB_PORT: port, POSTGRES_PORT: port, COGNITO_PORT: port };
}

const START_STACK = /^Error: \w+ does not answer at \S+: start the local stack with `npm run dev`\.$/;

describe.concurrent('every command', () => {
  // The keys are in a file.
  it.each(COMMANDS.filter((command) => command !== 'push/keys'))(
    'bin/%s explains how to start the stack when no service answers',
    async (command) => {
      const { exitCode, stdout, stderr } = await runBin(command, NEEDED[command], { env: await portsWithoutService() });
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      expect(stderr).toMatch(START_STACK);
    },
  );

  it.each(ALL)('bin/%s is an executable that runs this command', (command) => {
    const file = binFile(command);
    expect(statSync(file).mode & 0o111).toBe(0o111);
    const src = `${'../'.repeat(command.split('/').length - 1)}src`;
    expect(readFileSync(file, 'utf8')).toBe(
      `#!/usr/bin/env node\nimport { run } from '${src}/run.js';\n\n` +
        `await run(() => import('${src}/${command.replaceAll('_', '-')}.ts'));\n`,
    );
  });

  // As a process: exit code, streams and working directory are those of the executable. One of each folder, since all
  // executables are alike, and a process takes a second to load.
  it.each([
    'ddb/verify',
    'ddb/patterns/list-conversations',
    'db/update_cognito_user_ids',
    'cognito/list-users',
    'moderation/audit',
    'search/rebuild',
  ] as const)('bin/%s does so as a process', async (command) => {
    const { exitCode, stdout, stderr } = await runBinProcess(command, [], { env: await portsWithoutService() });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(START_STACK);
  });

  it('is loaded by Node itself, as from its executable', async () => {
    const { exitCode, stderr } = await loadInNode(ALL);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });

  it.each(ALL)('bin/%s --help has an example', async (name) => {
    const { exitCode, stdout, stderr } = await runBin(name, ['--help']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain(`Usage: bin/${name} [options]`);
    expect(stdout).toMatch(new RegExp(`Examples:\n {2}.*bin/${name}`));
    expect(stdout).toContain('Exit codes: 0 done, 1 refused');
  });
});

describe.concurrent('a command', () => {
  it('refuses unknown arguments', async () => {
    const { exitCode, stdout, stderr } = await runBin('ddb/scan', ['production']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain("Error: command-argument value 'production' is invalid for argument 'prod'");
    expect(stderr).toContain('Usage: bin/ddb/scan [options] [prod]');
  });

  it('shows its help on standard output', async () => {
    const { exitCode, stdout, stderr } = await runBinProcess('ddb/patterns/get-conversations', ['--help']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: bin\/ddb\/patterns\/get-conversations \[options\] \[prod\]$/m);
  });

  it('refuses unknown options and invalid variables', async () => {
    const [option, variable] = await Promise.all([
      runBin('db/seed', ['--force']),
      runBin('db/seed', [], { env: { POSTGRES_PORT: 'many' } }),
    ]);
    expect(option).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("unknown option '--force'") });
    expect(variable).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('POSTGRES_PORT') });
  });

  it('names the variable of an unavailable service, and never shows its password', async () => {
    const port = await freePort();
    const { exitCode, stderr } = await runBin('db/sessions', ['--verbose'], {
      env: { DATABASE_URL: `postgresql://someone:geheim@127.0.0.1:${port}/cruddur` },
    });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('which DATABASE_URL names: start it there, or unset the variable');
    expect(stderr).not.toContain('geheim');
  });
});
