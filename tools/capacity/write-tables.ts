import { readFileSync, writeFileSync } from 'node:fs';
import { ASSUMPTIONS } from './assumptions.ts';
import { costTable, scaleTables } from './tables.ts';

// npm run capacity: writes the tables into the documentation.
const TABLES = { 'scale.md': scaleTables(ASSUMPTIONS), 'cost.md': costTable(ASSUMPTIONS) };
for (const [name, tables] of Object.entries(TABLES)) {
  const file = new URL(`../../docs/${name}`, import.meta.url);
  const between = /(?<=<!-- capacity -->\n).*(?=<!-- \/capacity -->)/s;
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace(between, () => `\n${tables}\n\n`),
  );
}
