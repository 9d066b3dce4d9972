import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT_DIR } from '@cruddur/config/env';
import { describe, expect, it } from 'vitest';

interface LockedPackage {
  version?: string;
  resolved?: string;
  integrity?: string;
  link?: boolean;
  inBundle?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  hasInstallScript?: boolean;
}

const readJson = (file: string) => JSON.parse(readFileSync(path.join(ROOT_DIR, file), 'utf8'));

const manifest: {
  allowScripts: Record<string, boolean>;
  engines: { npm: string };
  devEngines: { packageManager: object };
} = readJson('package.json');
const lock: { packages: Record<string, LockedPackage> } = readJson('package-lock.json');
const packages = Object.entries(lock.packages).filter(([key, { link }]) => key.includes('node_modules/') && !link);
const nameOf = (key: string) => key.slice(key.lastIndexOf('node_modules/') + 'node_modules/'.length);

describe('the lock file', () => {
  it('names every package by version and content', () => {
    expect(packages.length).toBeGreaterThan(500);
    const loose = packages.filter(([, { version, integrity, inBundle, optional, os, cpu }]) => {
      // A bundled package is covered by the hash of its parent. A package that none of our machines can install
      // (.ci/complete-lockfile.mjs) has no hash: npm takes the exact version from the package that depends on it.
      const isElsewhere = optional === true && (os ?? cpu) !== undefined;
      return !/^\d/.test(version ?? '') || !(integrity?.startsWith('sha512-') || inBundle || isElsewhere);
    });
    expect(loose.map(([key]) => key)).toEqual([]);
  });

  it('takes packages only from the registry that npm is set to', () => {
    const elsewhere = packages.filter(([, { resolved = 'https://registry.npmjs.org/' }]) => {
      return !resolved.startsWith('https://registry.npmjs.org/');
    });
    expect(elsewhere.map(([key]) => key)).toEqual([]);
  });

  it('has install scripts only in packages that package.json decides on', () => {
    const withScripts = packages.filter(([, { hasInstallScript }]) => hasInstallScript).map(([key]) => nameOf(key));
    expect(withScripts.filter((name) => !(name in manifest.allowScripts))).toEqual([]);
  });
});

describe('npm', () => {
  it("runs scripts on the developer's own Node, not on the one that is installed for tests of production", () => {
    expect(existsSync(path.join(ROOT_DIR, 'node_modules/.bin/node'))).toBe(false);
  });

  it('fails if a package that is not listed has an install script', () => {
    const settings = readFileSync(path.join(ROOT_DIR, '.npmrc'), 'utf8').split('\n');
    expect(settings).toEqual(expect.arrayContaining(['strict-allow-scripts=true', 'engine-strict=true']));
  });

  it('is refused if it is too old to know that setting', () => {
    const { engines, devEngines } = manifest;
    expect(engines.npm).toBe('>=11.16.0');
    expect(devEngines.packageManager).toEqual({ name: 'npm', version: engines.npm, onFail: 'error' });
  });
});

describe('every package.json', () => {
  const workspaces = Object.keys(lock.packages).filter((key) => key !== '' && !key.includes('node_modules'));

  it('pins exact versions', () => {
    expect(workspaces.length).toBeGreaterThan(5);
    for (const folder of ['', ...workspaces]) {
      const { dependencies, devDependencies, optionalDependencies } = readJson(path.join(folder, 'package.json'));
      for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })) {
        expect(version, `${folder} ${name}`).toMatch(/^(npm:[\w-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/);
      }
    }
  });

  it('has no install scripts', () => {
    for (const folder of ['', ...workspaces]) {
      const { scripts = {} } = readJson(path.join(folder, 'package.json'));
      for (const name of ['preinstall', 'install', 'postinstall', 'prepare']) expect(scripts).not.toHaveProperty(name);
    }
  });
});
