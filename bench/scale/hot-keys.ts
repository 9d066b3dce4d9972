import type { Parameters } from './parameters.ts';

/** What one partition key takes, whatever the size of the whole. */
export interface HotKey {
  what: string;
  /** How the limit comes about, in words and numbers. */
  arithmetic: string;
  aSecond: number;
}

/**
 * The limits of one conversation and of one person. A partition key is in one partition; DynamoDB can split it by heat
 * between sort keys, but what is written sorts last, so that a split does not help writers.
 */
export function hotKeysOf({ usage, partitionUnits, streamBatch, aws }: Parameters): HotKey[] {
  const { writeUnits, readUnits } = aws.partition;
  const { ms } = usage.invocation;
  const writes = (what: string, units: number): HotKey => ({
    what,
    arithmetic: `${writeUnits.toLocaleString('en-US')} write units ÷ ${units}`,
    aSecond: writeUnits / units,
  });
  const reads = (what: string, units: number): HotKey => ({
    what,
    arithmetic: `${readUnits.toLocaleString('en-US')} read units ÷ ${units}`,
    aSecond: readUnits / units,
  });
  return [
    writes('messages of one conversation, up to 1 kB', partitionUnits.message),
    writes('messages of one conversation, the longest', partitionUnits.longestMessage),
    {
      what: 'messages of one conversation that the stream moves',
      // Records of one key come one batch after the other, and a batch moves the conversation once.
      arithmetic: `batches of ${streamBatch}, ${ms} ms each`,
      aSecond: (streamBatch * 1000) / ms,
    },
    writes('conversations of one person that move', partitionUnits.move),
    writes('read marks of one person', usage.units.readMark),
    reads('pages read of one conversation', usage.units.threadPage),
    reads('lists read by one person (99 markers, the dearer of two partitions)', 3),
  ];
}
