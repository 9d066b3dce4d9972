import { readFileSync, writeFileSync } from 'node:fs';
import { PARAMETERS } from './parameters.ts';
import { scaleTables } from './scale-tables.ts';

// npm run scale: writes the tables into docs/scale.md anew.
const FILE = new URL('../../docs/scale.md', import.meta.url);
const between = /(<!-- scale -->\n).*(\n<!-- \/scale -->)/s;
const text = readFileSync(FILE, 'utf8');
writeFileSync(
  FILE,
  text.replace(between, (_, begin: string, end: string) => `${begin}\n${scaleTables(PARAMETERS)}\n${end}`),
);
