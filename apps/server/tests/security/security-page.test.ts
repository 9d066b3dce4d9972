import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT_DIR } from '@cruddur/config/env';
import { HTTP_LIMITS } from '@cruddur/config/http-limits';
import { expect, it } from 'vitest';
import { RATE_LIMITS } from '../../src/rate-limits.ts';
import { STREAM_LIMITS } from '../../src/services.ts';

const number = (value: number) => value.toLocaleString('en');
const rate = ({ points, duration }: { points: number; duration: number }) =>
  `${number(points)} in ${number(duration)} s`;
const seconds = (milliseconds: number) => `${number(milliseconds / 1000)} s`;

const { requestsOfAddress } = HTTP_LIMITS;

const ROWS: [string, string][] = [
  ['calls of one person', rate(RATE_LIMITS.call)],
  ['capacity units of the table, reads and writes, of one person', rate(RATE_LIMITS.unit)],
  ['messages of one person', rate(RATE_LIMITS.send)],
  [
    'edits, deletions, reactions, blocks, devices and settings, also of a conversation, of one person',
    rate(RATE_LIMITS.change),
  ],
  ['people that one person writes to for the first time', rate(RATE_LIMITS.newGroup)],
  ['reports of one person', rate(RATE_LIMITS.report)],
  ['pages of own data that one person downloads', rate(RATE_LIMITS.export)],
  ['signals of typing of one person', rate(RATE_LIMITS.typing)],
  ['searches of one person', rate(RATE_LIMITS.search)],
  ['calls of `health.ping` of one address', rate(RATE_LIMITS.ping)],
  ['calls without a good token of one address', rate(RATE_LIMITS.badToken)],
  [
    'requests of one address, of whatever kind',
    rate({ points: requestsOfAddress.max, duration: requestsOfAddress.windowMs / 1000 }),
  ],
  ['open streams of one person', number(STREAM_LIMITS.ofPerson)],
  ['open streams', number(STREAM_LIMITS.inAll)],
  ['open connections', number(HTTP_LIMITS.connections)],
  ['body', `${number(HTTP_LIMITS.bodyBytes)} bytes`],
  ['path', `${number(HTTP_LIMITS.pathChars)} characters`],
  ['calls in one batch', number(HTTP_LIMITS.batchCalls)],
  ['an answer', `${number(HTTP_LIMITS.answerBytes)} bytes`],
  ['answers on one connection, after which it ends', `${number(HTTP_LIMITS.connectionBytes)} bytes`],
  ['answers to one person, on open connections', `${number(HTTP_LIMITS.personBytes)} bytes`],
  ['answers on all open connections', `${number(HTTP_LIMITS.allBytes)} bytes`],
  [
    'wait for a large answer to be read',
    `${seconds(HTTP_LIMITS.readMs)}, and 1 s for each ${number(HTTP_LIMITS.readBytesPerSecond)} bytes`,
  ],
  ['wait for headers', seconds(HTTP_LIMITS.headersMs)],
  ['wait for a whole request', seconds(HTTP_LIMITS.requestMs)],
  ['silence on a connection', seconds(HTTP_LIMITS.silenceMs)],
];

it('SECURITY.md has every limit', () => {
  const page = readFileSync(path.join(ROOT_DIR, 'SECURITY.md'), 'utf8');
  const [, table = ''] = page.split('| what | limit |\n|---|---|\n');
  const rows = table.slice(0, table.indexOf('\n\n')).split('\n');
  expect(rows).toEqual(ROWS.map(([what, limit]) => `| ${what} | ${limit} |`));
  const most = RATE_LIMITS.send.points * 20;
  expect(page).toContain(`at most ${number(most)} messages a minute`);
  // A stream is a connection, and calls need some too.
  expect(HTTP_LIMITS.connections).toBeGreaterThanOrEqual(STREAM_LIMITS.inAll + 3_000);
});
