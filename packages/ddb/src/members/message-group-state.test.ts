import { DEFAULT_GROUP_STATE } from '@cruddur/config';
import { expect, it } from 'vitest';
import { addMicros, formatIso, formatTime, micros } from '../table/time.ts';
import { mutedUntilOf, stateOfMarker } from './message-group-state.ts';

const now = micros(1_795_162_530_123_456);
const viewer = { userUuid: 'me', now };

it('is the default without a marker, or with one that only says what was read', () => {
  expect(stateOfMarker(undefined, viewer)).toEqual(DEFAULT_GROUP_STATE);
  expect(stateOfMarker({}, viewer)).toEqual(DEFAULT_GROUP_STATE);
});

it('shows a mute until it ends', () => {
  const until = (after: number) => ({ muted_until: formatTime(addMicros(now, after)) });
  expect(mutedUntilOf(until(1), now)).toBe(formatIso(addMicros(now, 1)));
  expect(mutedUntilOf(until(0), now)).toBeNull();
  expect(mutedUntilOf({ muted_until: 'always' }, now)).toBe('always');
  expect(mutedUntilOf({ muted_until: 'soon' }, now)).toBeNull();
});

it('tells the two sides of a block apart, though neither can send', () => {
  const blocked = (...by: string[]) => stateOfMarker({ blocked_by: new Set(by) }, viewer);
  expect(blocked('me')).toMatchObject({ isBlockedByMe: true, canSend: false });
  expect(blocked('other')).toMatchObject({ isBlockedByMe: false, canSend: false });
  expect(blocked('me', 'other')).toMatchObject({ isBlockedByMe: true, canSend: false });
});

it('shows a request to its recipient until it is answered, and to its sender once it is full', () => {
  expect(stateOfMarker({ request: 'pending' }, viewer)).toEqual({ ...DEFAULT_GROUP_STATE, isRequest: true });
  expect(stateOfMarker({ request: 'declined' }, viewer)).toEqual(DEFAULT_GROUP_STATE);
  const full = { awaitsAcceptance: true, canSend: false };
  expect(stateOfMarker({ awaits_acceptance: true }, viewer)).toEqual({ ...DEFAULT_GROUP_STATE, ...full });
});

it('shows what the person set', () => {
  const set = { is_pinned: true, is_marked_unread: true, cleared_through: formatTime(now) };
  const shown = { isPinned: true, isMarkedUnread: true, clearedThrough: formatIso(now) };
  expect(stateOfMarker(set, viewer)).toEqual({ ...DEFAULT_GROUP_STATE, ...shown });
});
