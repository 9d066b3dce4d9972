import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

// A disk of one's own is a memory file system in a mount namespace of one's own: it is gone with the last process in it.
// Who is not root has a namespace in which they are, and in it another one in which they are themselves again.
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

/** The command that runs another where a folder is a disk of so many bytes (`k` and `m` as suffixes). */
export function onSmallDisk(folder: string, size: string, command: readonly string[]): string[] {
  return [...ENTER, 'sh', '-c', `${MOUNT} && ${RUN}`, size, folder, ...command];
}

/** Whether this machine lets us have such a disk; a container without privileges may not. */
export function canHaveSmallDisk(): boolean {
  const folder = mkdtempSync(path.join(tmpdir(), 'cruddur-disk-'));
  const [program = '', ...args] = onSmallDisk(folder, '64k', ['true']);
  const { status } = spawnSync(program, args);
  rmdirSync(folder);
  return status === 0;
}

/** The command that runs another which may write no file beyond so many bytes: what everybody is allowed to say. */
export function withSmallFiles(kibibytes: number, command: readonly string[]): string[] {
  // dash counts blocks of 512 bytes, as POSIX has it.
  return ['sh', '-c', `trap '' XFSZ; ulimit -f ${kibibytes * 2} && exec "$@"`, 'sh', ...command];
}
