import { describe, expect, it } from 'vitest';
import type { ExportLine } from '../trpc/types.ts';
import { joinPages } from './export-file.ts';

const settings = (sendsTyping: boolean): ExportLine => ({
  type: 'settings',
  whoMayMessage: 'everyone',
  sendsReadReceipts: true,
  sendsTyping,
});
const blocked = (uuid: string, displayName: string): ExportLine => ({
  type: 'blocked',
  uuid,
  handle: 'ben',
  displayName,
  blockedAt: '2026-11-20T08:15:30.123456Z',
});
const parse = (texts: string[]) =>
  texts
    .join('')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as ExportLine);

describe('joinPages', () => {
  it('writes a line for each, in order', () => {
    const pages = [[settings(true), blocked('a', 'Ann')], [], [blocked('b', 'Two\nlines')]];
    expect(joinPages(pages)).toHaveLength(3);
    expect(parse(joinPages(pages))).toEqual(pages.flat());
  });

  it('keeps the last of the lines about the same', () => {
    const pages = [
      [settings(true), blocked('a', 'Ann'), blocked('b', 'Bea')],
      [blocked('a', 'Anna'), settings(false), blocked('a', 'Annabel')],
    ];
    expect(parse(joinPages(pages))).toEqual([blocked('b', 'Bea'), settings(false), blocked('a', 'Annabel')]);
  });
});
