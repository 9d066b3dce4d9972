import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

// The disk is a memory file system in a separate mount namespace. It disappears with the last process in the namespace.
// A user who is not root mounts it in a user namespace as root, and runs the command in another one as themselves.
const uid = process.getuid?.() ?? 0;
const gid = process.getgid?.() ?? 0;
const MOUNT = 'mount -t tmpfs -o "size=$0,mode=711" tmpfs "$1" && shift';
const [ENTER, RUN] =
  uid === 0
    ? [['unshare', '--mount'], 'exec "$@"']
    : [
        ['unshare', '--user', '--map-root-user', '--mount'],
        `exec unshare --user --map-user=${uid} --map-group=${gid} "$@"`,
      ];

/** Wraps a command so that it sees a folder as a disk of this size in bytes (with suffix `k` or `m`). */
export function onSmallDisk(folder: string, size: string, command: readonly string[]): string[] {
  return [...ENTER, 'sh', '-c', `${MOUNT} && ${RUN}`, size, folder, ...command];
}

/** Whether this machine allows such a disk. A container without privileges may not. */
export function canHaveSmallDisk(): boolean {
  const folder = mkdtempSync(path.join(tmpdir(), 'cruddur-disk-'));
  const [program = '', ...args] = onSmallDisk(folder, '64k', ['true']);
  const { status } = spawnSync(program, args);
  rmdirSync(folder);
  return status === 0;
}

/** Wraps a command so that it cannot write a file beyond a size. Any user may set this limit. */
export function withSmallFiles(kibibytes: number, command: readonly string[]): string[] {
  // dash counts blocks of 512 bytes, as in POSIX.
  return ['sh', '-c', `trap '' XFSZ; ulimit -f ${kibibytes * 2} && exec "$@"`, 'sh', ...command];
}
