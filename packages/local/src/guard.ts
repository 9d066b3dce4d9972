import { spawn } from 'node:child_process';

// Waits on its standard input, a pipe that only the guarded program's parent holds: it ends when the parent does.
const SCRIPT = `
PATH=/usr/bin:/bin
trap '' INT TERM HUP
read -r line
kill -s "$2" "$1" 2>/dev/null
for i in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$1" 2>/dev/null || break; sleep 0.2; done
kill -s KILL -- "-$1" 2>/dev/null
[ -z "$3" ] || rm -rf -- "$3"
`;

/**
 * Sees to it that a process does not outlive this one, even if this one is killed by SIGKILL: a shell of a few hundred
 * kilobytes waits for the end of a pipe, then ends the process's group and removes its temporary folder.
 */
export function guardProcess(
  pid: number,
  { stopSignal, temporaryDir = '' }: { stopSignal: NodeJS.Signals; temporaryDir?: string },
): { release(): void } {
  if (process.platform === 'win32') return { release() {} };
  const shell = spawn('/bin/sh', ['-c', SCRIPT, 'guard', String(pid), stopSignal.slice(3), temporaryDir], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  shell.unref();
  shell.on('error', () => undefined);
  shell.stdin.on('error', () => undefined);
  return {
    release() {
      shell.kill('SIGKILL');
    },
  };
}
