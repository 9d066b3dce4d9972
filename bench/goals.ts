import type { Table } from './report.ts';

/** A figure that has a goal, and how to read it from the tables of a part. */
interface Goal {
  part: string;
  what: string;
  goal: string;
  read: (cell: Cell) => string;
}

/** The median in the row that starts with these cells, in the column of this name. */
type Cell = (row: string[], column: string) => string;

const COMPARED = [
  'messages, 20',
  'groups, 20 rows, all read',
  'groups, 20 rows, all unread',
  'create, existing group, 400 characters',
];
const STORE_CALLS = ['query of 20 messages', 'get', 'put'];
const OWN_WORK = [
  'users.me',
  'messageGroups.list, 1 group',
  'messageGroups.list, 20 groups',
  'messages.list, 50 messages',
];
const SEARCHES = ['a common word', 'a rare word', 'two Chinese characters', 'one letter', 'no hit'];
const ENTER_TO_SCREEN = ['**from Enter to the other’s screen**'];

const GOALS: Goal[] = [
  {
    part: 'origin',
    what: 'rate ÷ the origin’s, 16 at once: messages, groups read, groups unread, create',
    goal: '≥ 4, 4, 4, 2',
    read: (cell) => COMPARED.map((call) => cell([call, '16'], 'rate ÷ its rate')).join(', '),
  },
  {
    part: 'origin',
    what: 'p50 ÷ the origin’s, alone: the same four',
    goal: '≤ 1',
    read: (cell) => COMPARED.map((call) => cell([call, '1'], 'p50 ÷ its p50')).join(', '),
  },
  {
    part: 'store-calls',
    what: 'processor time of a store call, one at a time: query of 20 messages, get, put (the AWS SDK’s), µs',
    goal: '≤ 650',
    read: (cell) => {
      const both = (call: string) => `${cell([call, '1'], 'CPU µs')} (${cell([call, '1'], 'CPU µs, AWS SDK')})`;
      return STORE_CALLS.map(both).join(', ');
    },
  },
  {
    part: 'store-calls',
    what: 'store calls of a list of 20 groups: all read, all unread',
    goal: '≤ 3',
    read: (cell) =>
      ['read', 'unread'].map((state) => cell([`list of 20 groups, all ${state}`], 'store calls')).join(', '),
  },
  {
    part: 'own-work',
    what: 'bare tRPC’s work ÷ ours: users.me, messageGroups.list of 1 and of 20 groups, messages.list',
    goal: '≥ 0.85',
    read: (cell) => OWN_WORK.map((call) => cell([call], 'bare tRPC’s work ÷ ours')).join(', '),
  },
  {
    part: 'own-work',
    what: 'processor time of a page of 50 messages, stores in memory, µs',
    goal: '≤ 350',
    read: (cell) => cell(['messages.list, 50 messages'], 'CPU µs per call'),
  },
  {
    part: 'lambda',
    what: 'Lambda, moved ÷ written, one message each in 100 groups',
    goal: '≥ 0.2',
    read: (cell) => cell(['100', '100'], 'moved ÷ written'),
  },
  {
    part: 'streams',
    what: 'resident memory per open stream (2,000 streams), kB',
    goal: '≤ 50',
    read: (cell) => cell(['2000'], 'kB per stream'),
  },
  {
    part: 'streams',
    what: 'idle processor of 2,000 streams, % of a core',
    goal: '≤ 3',
    read: (cell) => cell(['2000'], 'idle CPU, % of a core'),
  },
  {
    part: 'streams',
    what: 'kB per stream with 10,000 streams on one instance',
    goal: 'all open',
    read: (cell) => cell(['10000'], 'kB per stream'),
  },
  {
    part: 'delivery',
    what: 'Enter → the other’s screen, p50 / p95, ms',
    goal: '40 / 70',
    read: (cell) => ['p50 ms', 'p95 ms'].map((column) => cell(ENTER_TO_SCREEN, column)).join(' / '),
  },
  {
    part: 'second-visit',
    what: 'a second visit’s messages on screen, slow 4G, processor 4 times slower, s',
    goal: '≤ 0.8',
    read: (cell) => cell(['second'], 'messages on screen after s'),
  },
  {
    part: 'search',
    what: 'a search among 1,000,000 messages, p95 of the call, ms: common, rare, two Chinese characters, one letter, no hit',
    goal: '≤ 50',
    read: (cell) => SEARCHES.map((query) => cell(['1,000,000', query], 'call p95 ms')).join(', '),
  },
  {
    part: 'search',
    what: 'the index’s time among 10,000,000 ÷ among 1,000,000: the same',
    goal: '≤ 1.5',
    read: (cell) => SEARCHES.map((query) => cell(['10,000,000', query], '÷ the smallest')).join(', '),
  },
  {
    part: 'search',
    what: 'a message is found after its acknowledgement, p95 ms: one sender, five at once',
    goal: '≤ 2000',
    read: (cell) => ['1', '5'].map((senders) => cell([senders, '100'], 'p95 ms')).join(', '),
  },
];

/** For instance, 2,000 streams were not asked for. */
const MISSING = '–';

/** The rows of the goals table that a part's tables answer. */
export function goalRows(part: string, tables: readonly Table[]): string[][] {
  const cell: Cell = (cells, column) => {
    for (const { head, rows } of tables) {
      const row = rows.find((each) => cells.every((value, i) => each[i] === value));
      const value = row?.[head.indexOf(column)];
      if (value !== undefined) return value.replace(/ \(.*/, '');
    }
    return MISSING;
  };
  return GOALS.filter((goal) => goal.part === part)
    .map(({ what, goal, read }) => [what, read(cell), goal, part])
    .filter(([, measured]) => measured !== MISSING);
}
