import { InvalidArgumentError } from '@commander-js/extra-typings';
import { isUuid } from '@cruddur/config';
import type { Position } from './find-differences.ts';

/** Writes a position as one word, for `--from`. */
export function formatPosition(position: Position): string {
  return Buffer.from(JSON.stringify([position.stage, ...idsOf(position)])).toString('base64url');
}

function idsOf(position: Position): string[] {
  if (!position.after) return [];
  switch (position.stage) {
    case 'messages':
      return [position.after.messageGroupUuid, position.after.messageUuid];
    case 'clears':
      return [position.after.userUuid, position.after.messageGroupUuid];
    case 'table':
      return [position.after.pk, position.after.sk];
  }
}

/** Reads what {@link formatPosition} has written. @throws {InvalidArgumentError} if it is something else */
export function parsePosition(text: string): Position {
  const [stage, ...ids] = readWords(text);
  const [one = '', two = ''] = ids;
  const hasIds = ids.length === 2 && (stage === 'table' || ids.every(isUuid));
  if (ids.length === 0 || hasIds) {
    if (stage === 'messages') return { stage, after: hasIds ? { messageGroupUuid: one, messageUuid: two } : undefined };
    if (stage === 'clears') return { stage, after: hasIds ? { userUuid: one, messageGroupUuid: two } : undefined };
    if (stage === 'table') return { stage, after: hasIds ? { pk: one, sk: two } : undefined };
  }
  throw new InvalidArgumentError('It must be what an interrupted run has printed.');
}

function readWords(text: string): string[] {
  try {
    const words: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return Array.isArray(words) && words.every((word) => typeof word === 'string') ? words : [];
  } catch {
    return [];
  }
}
