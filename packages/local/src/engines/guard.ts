import { spawn } from 'node:child_process';

// Standard input is a pipe from the guarded program's parent: `read` returns when the parent ends.
const SCRIPT = `
PATH=/usr/bin:/bin
trap '' INT TERM HUP
read -r line
end() {
  kill -s "$2" "$1" 2>/dev/null
  checks=$3
  while [ "$checks" -gt 0 ] && kill -0 "$1" 2>/dev/null; do sleep 0.2; checks=$((checks - 1)); done
}
end "$1" "$2" 10
[ -z "$3" ] || end "$1" "$3" 50
kill -s KILL -- "-$1" 2>/dev/null
[ -z "$4" ] || rm -rf -- "$4"
`;

interface GuardedProgram {
  stopSignal: NodeJS.Signals;
  /** Sent to a program that has not stopped, before its group is killed. */
  quitSignal?: NodeJS.Signals | undefined;
  temporaryDir?: string | undefined;
}

/** Ends a process's group and removes its temporary folder when this process ends, even by SIGKILL. */
export function guardProcess(pid: number, { stopSignal, quitSignal, temporaryDir = '' }: GuardedProgram) {
  if (process.platform === 'win32') return { release: () => false };
  const nameOf = (signal: NodeJS.Signals | undefined) => signal?.slice('SIG'.length) ?? '';
  const args = [String(pid), nameOf(stopSignal), nameOf(quitSignal), temporaryDir];
  const shell = spawn('/bin/sh', ['-c', SCRIPT, 'guard', ...args], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  shell.unref();
  shell.on('error', () => undefined);
  shell.stdin.on('error', () => undefined);
  return { release: () => shell.kill('SIGKILL') };
}
