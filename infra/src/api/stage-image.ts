import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { CA_FILE_NAME, writeRdsCertificates } from '../rds-certificates.ts';

const ROOT_DIR = fileURLToPath(new URL('../../../', import.meta.url));

/** Where the image has them. */
export const CA_FILE = `/app/${CA_FILE_NAME}`;

/**
 * Collects the files of the API's image in a folder of `outDir`. The server, the migration and the operators' commands are next to
 * each other. A missing bundle is skipped, so that templates can be
 * synthesised without a build; building the image then fails.
 */
export function stageImage(
  outDir: string,
  bundles = ['apps/server/dist', 'bin/dist'].map((folder) => path.join(ROOT_DIR, folder)),
): string {
  const folder = path.join(outDir, 'api-image');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(path.join(ROOT_DIR, 'apps/server/Dockerfile'), path.join(folder, 'Dockerfile'));
  for (const bundle of bundles.filter((name) => existsSync(name))) {
    cpSync(bundle, path.join(folder, 'dist'), { recursive: true });
  }
  writeRdsCertificates(folder);
  return folder;
}
