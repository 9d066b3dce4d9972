// What every executable here calls. Plain JavaScript: it makes Node read the TypeScript that the commands are written in.

/**
 * Runs a command.
 *
 * @param {() => Promise<{ command: import('commander').Command }>} load - imports the command's module
 */
export async function run(load) {
  try {
    const { register } = await import('tsx/esm/api');
    // Whatever tsconfig.json lies in the working directory is none of ours.
    register({ tsconfig: false });
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    process.stderr.write('The packages are not installed: run `npm ci` in the repository first.\n');
    process.exitCode = 1;
    return;
  }
  const [{ runCommand }, { command }] = await Promise.all([import('./frame/run-command.ts'), load()]);
  process.exitCode = await runCommand(command, process.argv);
}
