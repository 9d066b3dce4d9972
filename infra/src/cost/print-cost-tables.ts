import { readFileSync, writeFileSync } from 'node:fs';
import { costTables } from './cost-table.ts';
import { LIST_PRICES } from './prices.ts';
import { TYPICAL_USAGE } from './usage.ts';

// npm run cost -w @cruddur/infra: writes the tables into docs/deployment.md anew.
const FILE = new URL('../../../docs/deployment.md', import.meta.url);
const between = /(<!-- cost -->\n).*(\n<!-- \/cost -->)/s;
const text = readFileSync(FILE, 'utf8');
writeFileSync(
  FILE,
  text.replace(
    between,
    (_, begin: string, end: string) => `${begin}\n${costTables(TYPICAL_USAGE, LIST_PRICES)}\n${end}`,
  ),
);
