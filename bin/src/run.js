// Called by every executable. Plain JavaScript, since Node 20 cannot read TypeScript yet.

/**
 * Runs a command in this process.
 *
 * @param {() => Promise<{ createCommand: Parameters<typeof import('./cli/run-command.ts').runCommand>[0] }>} load -
 *   imports the command's module
 */
export async function run(load) {
  const parts = await loadParts(load);
  if (parts === undefined) {
    process.exitCode = 1;
    return;
  }
  // In `bin/ddb/scan | head`, the reader closes the pipe early, which is not an error.
  process.stdout.on('error', (error) => process.exit(error.code === 'EPIPE' ? 0 : 2));
  process.exitCode = await parts.runCommand(parts.createCommand, process.argv.slice(2), parts.processIo);
}

async function loadParts(load) {
  try {
    await import('@cruddur/config/typescript');
    const [{ runCommand, processIo }, { createCommand }] = await Promise.all([import('./cli/run-command.ts'), load()]);
    return { runCommand, processIo, createCommand };
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    process.stderr.write(`Run \`npm ci\` in the repository first: packages are missing. (${error.message})\n`);
    return undefined;
  }
}
