// npm run layers: fails if files import each other in a circle, if two folders of a package import each other, if an
// import goes up the layers of layers.json, if a package imports an app, or if a relative path has no file. Type-only and
// dynamic imports count.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT_DIR } from '@cruddur/config/env';
import { type Expression, parseSync, Visitor } from 'oxc-parser';

interface Import {
  from: string;
  /** A file of the repository; undefined for a package from the registry. */
  to: string | undefined;
  /** The source text of the import. */
  text: string;
  /** A relative path without a file, such as one without its extension, which a bundler would find. */
  isMissing: boolean;
}

const root = path.resolve(process.argv[2] ?? ROOT_DIR);
/** For each package, the rows of folders and files in its src, from top to bottom. */
const layers: Record<string, string[][]> = readJson('lint/layers.json');
const files = listFiles('').sort();
const entryPoints = new Map(files.filter((file) => path.basename(file) === 'package.json').flatMap(readEntryPoints));
const imports = files.filter((file) => /\.[jt]sx?$/.test(file)).flatMap(readImports);
// Tests and what only tests use may import from everywhere.
const sources = imports.filter(({ from }) => packageOf(from) && !/\.test\.|\/testing[.-]/.test(from));

const breaches = new Set([
  ...findCircles(),
  ...findMutualFolders(),
  ...findUpwardImports(),
  ...findForeignImports(),
  ...findMissingFiles(),
]);
for (const breach of breaches) console.error(breach);
process.exitCode = breaches.size > 0 ? 1 : 0;

function findCircles(): string[] {
  const next = new Map<string, string[]>();
  for (const { from, to } of imports) if (to) next.set(from, [...(next.get(from) ?? []), to]);
  const found = new Set<string>();
  return files.flatMap((file) => {
    const circle = found.has(file) ? undefined : shortestCircle(file, next);
    for (const each of circle ?? []) found.add(each);
    return circle ? [`Circle of imports: ${circle.join(' → ')}`] : [];
  });
}

function shortestCircle(start: string, next: Map<string, string[]>): string[] | undefined {
  const paths = [[start]];
  const seen = new Set<string>();
  for (const each of paths) {
    for (const to of next.get(each.at(-1) ?? '') ?? []) {
      if (to === start) return [...each, start];
      if (!seen.has(to)) paths.push([...each, to]);
      seen.add(to);
    }
  }
}

function findMutualFolders(): string[] {
  const first = new Map<string, Import>();
  return sources.flatMap((each) => {
    const [from, to] = foldersOf(each);
    if (!from || !to || first.has(`${from} ${to}`)) return [];
    first.set(`${from} ${to}`, each);
    const back = first.get(`${to} ${from}`);
    return back ? [`Folders import each other: ${from} and ${to}, in ${describe(back)} and ${describe(each)}`] : [];
  });
}

/** The two sibling folders between which an import goes, if any: `ui` and `time` of `ui/a.ts` and `time/b.ts`. */
function foldersOf({ from, to }: Import): [string?, string?] {
  if (!to || packageOf(from) !== packageOf(to)) return [];
  const [a, b] = [from.split('/'), to.split('/')];
  const depth = a.findIndex((name, i) => name !== b[i]) + 1;
  return a.length > depth && b.length > depth ? [a.slice(0, depth).join('/'), b.slice(0, depth).join('/')] : [];
}

function findUpwardImports(): string[] {
  return sources.flatMap((each) => {
    const name = packageOf(each.from);
    const rows = name && layers[name];
    if (!rows || !each.to || packageOf(each.to) !== name) return [];
    const [upper, lower] = [layerOf(each.from), layerOf(each.to)];
    const rowOf = (layer: string) => rows.findIndex((row) => row.includes(layer));
    const unlisted = [upper, lower].filter((layer) => rowOf(layer) === -1);
    if (unlisted.length > 0) return unlisted.map((layer) => `Not in lint/layers.json: ${name}/src/${layer}`);
    return rowOf(lower) < rowOf(upper) ? [`Upward import: ${describe(each)} (${lower} is above ${upper})`] : [];
  });
}

/** Imports of another app, or by a package of an app. The page imports one type from the server. */
function findForeignImports(): string[] {
  return sources
    .filter(({ from, to }) => to && packageOf(from) !== packageOf(to) && !to.startsWith('packages/'))
    .filter(({ from, text }) => !(from.startsWith('apps/web/') && text.startsWith('import type { AppRouter } from')))
    .map((each) => `Import from outside packages: ${describe(each)}`);
}

function findMissingFiles(): string[] {
  return sources.filter(({ isMissing }) => isMissing).map((each) => `No such file: ${describe(each)}`);
}

/** `apps/web` of `apps/web/src/app/main.ts`; undefined outside a package's src. */
function packageOf(file: string): string | undefined {
  return /^((?:apps|packages)\/[^/]+|bin|infra)\/src\//.exec(file)?.[1];
}

/** The folder of src that a file is in, or its own name: `app`, `env`. */
function layerOf(file: string): string {
  return file.replace(/^.*?\/src\//, '').replace(/(\/|\.[jt]sx?$).*/, '');
}

function describe({ from, text }: Import): string {
  return `${from}: ${text.replaceAll(/\s+/g, ' ')}`;
}

function listFiles(folder: string): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = path.join(folder, entry.name);
    if (entry.isFile()) return [name];
    return !entry.isDirectory() || /^\.|^(node_modules|dist|cdk\.out)$/.test(entry.name) ? [] : listFiles(name);
  });
}

function readJson(file: string) {
  return JSON.parse(readFileSync(path.join(root, file), 'utf8'));
}

/** The file behind each import path of a package. */
function readEntryPoints(file: string): [string, string][] {
  const { name, exports = {} } = readJson(file);
  return Object.entries<string | { default: string }>(exports).map(([subpath, target]) => [
    path.join(name, subpath),
    path.join(path.dirname(file), typeof target === 'string' ? target : target.default),
  ]);
}

function readImports(from: string): Import[] {
  const code = readFileSync(path.join(root, from), 'utf8');
  const found: Import[] = [];
  const add = (node: { start: number; end: number; source: unknown }) => {
    const value = pathOf(node.source as Expression);
    if (value === undefined) return;
    const isRelative = value.startsWith('.');
    const file = isRelative ? path.join(path.dirname(from), value) : entryPoints.get(value);
    const to = file && existsSync(path.join(root, file)) ? file : undefined;
    found.push({ from, to, text: code.slice(node.start, node.end), isMissing: isRelative && to === undefined });
  };
  new Visitor({
    ImportDeclaration: add,
    ExportAllDeclaration: add,
    ExportNamedDeclaration: (node) => node.source && add(node),
    ImportExpression: add,
    TSImportType: add,
  }).visit(parseSync(from, code).program);
  return found;
}

/** A path between quotes or backticks. */
function pathOf(source: Expression): string | undefined {
  if (source.type === 'Literal') return typeof source.value === 'string' ? source.value : undefined;
  const isPlain = source.type === 'TemplateLiteral' && source.expressions.length === 0;
  return isPlain ? (source.quasis[0]?.value.cooked ?? undefined) : undefined;
}
