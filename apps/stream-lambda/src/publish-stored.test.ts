import { Logger } from '@aws-lambda-powertools/logger';
import { expect, it, vi } from 'vitest';
import { createPublishStored } from './publish-stored.ts';

const event = { type: 'stored', messageUuid: 'm', version: 0, memberUuids: ['ana', 'ben'] } as const;

it('loses what it cannot publish without a password, and reads it again with the next event', async () => {
  const logger = new Logger({ logLevel: 'SILENT' });
  const warned = vi.spyOn(logger, 'warn');
  const readUrl = vi.fn(() => Promise.reject(new Error('no secret')));
  const publish = createPublishStored(readUrl, logger);
  expect(await Promise.all([publish(event), publish(event)])).toEqual([false, false]);
  expect(readUrl).toHaveBeenCalledTimes(1);
  expect(await publish(event)).toBe(false);
  expect(readUrl).toHaveBeenCalledTimes(2);
  expect(warned).toHaveBeenCalledWith('the bus failed', new Error('no secret'));
});
