import { setTimeout as delay } from 'node:timers/promises';
import { type MalformedItemError, messageGroupUuidOf } from '@cruddur/ddb';
import {
  type Compared,
  compareAgain,
  comparedId,
  type Difference,
  type DifferenceKind,
  repairIndex,
  type SearchStores,
} from './differences.ts';
import { findDifferences } from './find-differences.ts';

/** The differences of one kind in one group. */
export interface SearchBreach {
  /** `search_malformed`: an item that cannot be indexed. */
  kind: DifferenceKind | 'search_malformed';
  messageGroupUuid: string;
  detail: string;
  repaired?: string;
}

export interface SearchReport {
  /** Rows of the index. */
  rows: number;
  breaches: SearchBreach[];
}

interface VerifyIndexOptions {
  repair?: boolean;
  /** How long the stream may take before a difference is reported. */
  lagMillis?: number;
  onProgress?: (progress: { rows: number; items: number; waitingFor: number }) => void;
}

/** Much longer than the stream takes when it is well. */
const STREAM_LAG_MS = 10_000;
const POLL_MS = 250;

/** Suspects that are compared again at once. */
const BATCH = 500;

/** A difference that the stream may still remove. */
interface Suspect {
  compared: Compared;
  /** What the two had. */
  signature: string;
  /** When it is a breach, if it is still the same. */
  ripeAt: number;
}

/**
 * Compares the search index with the table in both directions. What is written meanwhile can look like a difference, so one is
 * reported only if it is the same a while later.
 */
export async function verifyIndex(stores: SearchStores, options: VerifyIndexOptions = {}): Promise<SearchReport> {
  const { repair = false, lagMillis = STREAM_LAG_MS, onProgress } = options;
  const breaches = collectBreaches();
  const { client, tableName } = stores.table;
  const table = { client, tableName, onMalformedItem: breaches.addMalformed };
  const suspects = new Map<string, Suspect>();
  const sum = { rows: 0, items: 0, waitingFor: 0 };

  function suspect(difference: Difference, ripeAt: number): void {
    const { of, id } = difference;
    suspects.set(comparedId(difference), {
      compared: { of, id } as Compared,
      signature: signatureOf(difference),
      ripeAt,
    });
  }
  const isRipe = ({ ripeAt }: Suspect) => ripeAt <= performance.now();

  async function compareSuspects(some: readonly Suspect[]): Promise<void> {
    const before = new Map(some.map((each) => [comparedId(each.compared), { ...each, isRipe: isRipe(each) }]));
    const differences = await compareAgain(
      { ...stores, table },
      some.map(({ compared }) => compared),
    );
    for (const id of before.keys()) suspects.delete(id);
    const confirmed: Difference[] = [];
    for (const each of differences) {
      const known = before.get(comparedId(each));
      if (known?.signature !== signatureOf(each)) suspect(each, performance.now() + lagMillis);
      else if (known.isRipe) confirmed.push(each);
      else suspect(each, known.ripeAt);
    }
    if (repair) await repairIndex({ ...stores, table }, confirmed);
    for (const each of confirmed) breaches.add(each, repair);
  }

  async function compareRipe(): Promise<void> {
    const ripe = [...suspects.values()].filter(isRipe);
    for (let i = 0; i < ripe.length; i += BATCH) await compareSuspects(ripe.slice(i, i + BATCH));
  }

  for await (const { differences, rows, items } of findDifferences({ ...stores, table })) {
    for (const each of differences) suspect(each, performance.now() + (each.isAhead ? 0 : lagMillis));
    sum.rows += rows;
    sum.items += items;
    onProgress?.(sum);
    await compareRipe();
  }
  while (suspects.size > 0) {
    onProgress?.({ ...sum, waitingFor: suspects.size });
    await delay(Math.min(POLL_MS, lagMillis));
    await compareRipe();
    // Most are delivered soon: then there is no need to wait any longer. Those that are left move to the end.
    await compareSuspects([...suspects.values()].slice(0, BATCH));
  }
  return { rows: sum.rows, breaches: breaches.all() };
}

function signatureOf(difference: Difference): string {
  const { of, kind, row, item } = difference;
  const parts = of === 'message' ? [row?.version, item?.version] : [row?.clearedThrough, item?.clearedThrough];
  return [kind, ...parts].join(' ');
}

/** Joins differences of one kind and group: an index that was lost differs in each message. */
function collectBreaches() {
  const found = new Map<string, SearchBreach & { first: string; ids: number }>();
  const malformed = new Set<string>();
  const add = (breach: Omit<SearchBreach, 'detail'>, first: string) => {
    const key = `${breach.kind} ${breach.messageGroupUuid}`;
    const before = found.get(key);
    if (before) before.ids++;
    else found.set(key, { ...breach, detail: '', first, ids: 1 });
  };
  return {
    add: (difference: Difference, isRepaired: boolean) => {
      const { of, kind, id } = difference;
      const first = of === 'message' ? `message ${id.messageUuid}` : `clear of ${id.userUuid}`;
      const repaired = isRepaired ? { repaired: 'index made to agree with the table' } : {};
      add({ kind, messageGroupUuid: id.messageGroupUuid, ...repaired }, first);
    },
    addMalformed: ({ key, message }: MalformedItemError) => {
      if (malformed.has(message)) return;
      malformed.add(message);
      add({ kind: 'search_malformed', messageGroupUuid: messageGroupUuidOf(key.pk ?? '') ?? '' }, message);
    },
    all: (): SearchBreach[] =>
      [...found.values()].map(({ ids, first, ...breach }) => ({
        ...breach,
        detail: ids === 1 ? first : `${first} and ${(ids - 1).toLocaleString('en')} more`,
      })),
  };
}
