import { EDITS_MAX, MESSAGE_MAX_CODE_POINTS, PINS_MAX, REACTIONS_MAX } from '@cruddur/config';
import { type ErrorReason, errorReason } from './api-error.ts';
import type { ContactState } from './server-contact.ts';

/** A new reason of the server fails the build until it has words here. */
const WORDS: Record<ErrorReason, string> = {
  token_missing: 'Please sign in again.',
  token_invalid: 'Please sign in again.',
  token_expired: 'Please sign in again.',
  message_group_not_found: 'Conversation not found.',
  user_not_found: 'Person not found.',
  message_not_found: 'Message not found.',
  reply_target_not_found: 'The message you replied to no longer exists.',
  message_deleted: 'This message was deleted.',
  not_your_message: 'You can only change your own messages.',
  edit_window_passed: 'Messages can be edited for 24 hours.',
  edit_limit_reached: `A message can be edited ${EDITS_MAX} times.`,
  revision_conflict: 'This message was changed elsewhere.',
  report_of_own_message: 'You can’t report your own message.',
  reaction_invalid: 'Choose an emoji to react with.',
  reaction_limit_reached: `You can add up to ${REACTIONS_MAX} reactions to a message.`,
  message_blank: 'This message is empty.',
  message_exceed_max_chars: `Messages can have up to ${MESSAGE_MAX_CODE_POINTS.toLocaleString('en')} characters.`,
  message_group_uuid_blank: 'This message has no recipient.',
  user_receiver_handle_blank: 'This message has no recipient.',
  recipient_is_self: 'You can’t message yourself.',
  query_blank: 'Type something to search for.',
  cursor_invalid: 'This list is out of date. Reload the page.',
  input_invalid: 'Cruddur couldn’t process this request.',
  handle_invalid: 'Your account’s handle is not valid.',
  handle_taken: 'Your account’s handle is already in use.',
  client_message_uuid_reused: 'This message conflicts with another one. Copy it and send it again.',
  client_message_uuid_from_future: 'Your device’s clock doesn’t match the server’s.',
  client_message_uuid_expired: 'This message waited too long. Copy it and send it again.',
  recipient_unavailable: 'You can’t message this person.',
  request_pending: 'You can write more once they accept.',
  account_suspended: 'Your account can’t send messages at the moment.',
  pin_limit_reached: `You can pin up to ${PINS_MAX} conversations. Unpin one first.`,
  rate_limited: 'You’re doing that too fast. Wait a moment.',
  store_unavailable: 'Cruddur is having trouble right now.',
  no_answer: 'Can’t reach Cruddur.',
  unknown: 'Something went wrong on our side.',
};

/** Where there is room to explain, instead of the words of `account_suspended`. */
export const SUSPENDED_WORDS =
  'Your account is suspended. You can read your conversations, but not send, edit or react.';

export const contactWords = (contact: ContactState): string =>
  contact === 'offline' ? 'You’re offline.' : WORDS.no_answer;

export const reasonWords = (reason: ErrorReason): string => WORDS[reason];

export const errorWords = (error: unknown): string => WORDS[errorReason(error)];
