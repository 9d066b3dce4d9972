// What every executable here calls. Plain JavaScript: it makes Node read the TypeScript that the commands are written in.

/**
 * Runs a command.
 *
 * @param {() => Promise<{ command: import('commander').Command }>} load - imports the command's module
 */
export async function run(load) {
  const parts = await loadParts(load);
  process.exitCode = parts === undefined ? 1 : await parts.runCommand(parts.command, process.argv);
}

async function loadParts(load) {
  try {
    const { register } = await import('tsx/esm/api');
    // Whatever tsconfig.json lies in the working directory is none of ours.
    register({ tsconfig: false });
    const [{ runCommand }, { command }] = await Promise.all([import('./frame/run-command.ts'), load()]);
    return { runCommand, command };
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    process.stderr.write(`Run \`npm ci\` in the repository first: packages are missing. (${error.message})\n`);
    return undefined;
  }
}
