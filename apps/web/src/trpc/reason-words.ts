import { EDITS_MAX, MESSAGE_MAX_CODE_POINTS, PINS_MAX, REACTIONS_MAX } from '@cruddur/config';
import { t } from '../i18n/t.ts';
import { type ErrorReason, errorReason } from './api-error.ts';
import type { ContactState } from './server-contact.ts';

const LIMITS = {
  charactersMax: MESSAGE_MAX_CODE_POINTS,
  editsMax: EDITS_MAX,
  pinsMax: PINS_MAX,
  reactionsMax: REACTIONS_MAX,
};

/** Where there is room to explain, instead of the words of `account_suspended`. */
export const suspendedWords = (): string => t('errors.suspended_in_full');

export const contactWords = (contact: ContactState): string =>
  contact === 'offline' ? t('errors.offline') : reasonWords('no_answer');

/** A new reason of the server fails the type check until the catalogue has words for it. */
export const reasonWords = (reason: ErrorReason): string => t(`errors.${reason}`, LIMITS);

export const errorWords = (error: unknown): string => reasonWords(errorReason(error));
