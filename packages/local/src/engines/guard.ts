import { spawn } from 'node:child_process';

// Standard input is a pipe from the guarded program's parent: `read` returns when the parent ends.
const SCRIPT = `
PATH=/usr/bin:/bin
trap '' INT TERM HUP
read -r line
kill -s "$2" "$1" 2>/dev/null
for i in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$1" 2>/dev/null || break; sleep 0.2; done
kill -s KILL -- "-$1" 2>/dev/null
[ -z "$3" ] || rm -rf -- "$3"
`;

/** Ends a process's group and removes its temporary folder when this process ends, even by SIGKILL. */
export function guardProcess(
  pid: number,
  { stopSignal, temporaryDir = '' }: { stopSignal: NodeJS.Signals; temporaryDir?: string },
) {
  if (process.platform === 'win32') return { release: () => false };
  const shell = spawn('/bin/sh', ['-c', SCRIPT, 'guard', String(pid), stopSignal.slice(3), temporaryDir], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  shell.unref();
  shell.on('error', () => undefined);
  shell.stdin.on('error', () => undefined);
  return { release: () => shell.kill('SIGKILL') };
}
