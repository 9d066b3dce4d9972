import { MESSAGE_MAX_CODE_POINTS } from '@cruddur/config';
import { type ErrorReason, errorReason } from './api-error.ts';
import type { ContactState } from './server-contact.ts';

/** Each reason in plain words. The type makes a new reason of the server fail the build until it has some. */
const WORDS: Record<ErrorReason, string> = {
  token_missing: 'Please sign in again.',
  token_invalid: 'Please sign in again.',
  token_expired: 'Please sign in again.',
  message_group_not_found: 'There is no such conversation.',
  user_not_found: 'There is nobody of that name.',
  message_blank: 'There is nothing to be seen in this message.',
  message_exceed_max_chars: `A message may have ${MESSAGE_MAX_CODE_POINTS.toLocaleString('en')} characters at most.`,
  message_group_uuid_blank: 'This message has no addressee.',
  user_receiver_handle_blank: 'This message has no addressee.',
  recipient_is_self: 'You cannot write to yourself.',
  cursor_invalid: 'This list has gone stale. Reload the page.',
  input_invalid: 'Cruddur could not read this.',
  handle_invalid: 'Your account has no handle that Cruddur can use.',
  handle_taken: 'The handle of your account belongs to somebody else.',
  client_message_uuid_reused: 'This message collided with another one. Copy it and write it again.',
  client_message_uuid_from_future: 'The clock of your device or of Cruddur is wrong.',
  client_message_uuid_expired: 'This message waited too long. Copy it and write it again.',
  rate_limited: 'You’re sending too fast. Wait a moment.',
  store_unavailable: 'Cruddur is having trouble right now.',
  no_answer: 'Can’t reach Cruddur.',
  unknown: 'Something went wrong on our side.',
};

/** What to tell a person without a network. */
export const OFFLINE_WORDS = 'You’re offline.';

/** What to tell a person while the page does not reach the server. */
export const contactWords = (contact: Exclude<ContactState, 'ok'>): string =>
  contact === 'offline' ? OFFLINE_WORDS : WORDS.no_answer;

/** What to tell a person about a reason. */
export const reasonWords = (reason: ErrorReason): string => WORDS[reason];

/** What to tell a person about a failed call. */
export const errorWords = (error: unknown): string => WORDS[errorReason(error)];
