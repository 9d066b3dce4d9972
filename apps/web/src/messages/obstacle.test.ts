import { DEFAULT_GROUP_STATE } from '@cruddur/config';
import { describe, expect, it } from 'vitest';
import type { GroupState } from '../cache/group-state.ts';
import { at } from '../testing.ts';
import { isDeclined, obstacleOf } from './obstacle.ts';

const of = (state: Partial<GroupState>, isSuspended = false) =>
  obstacleOf({ ...DEFAULT_GROUP_STATE, ...state }, isSuspended);

describe('what is in the place of the composer', () => {
  it('is nothing in an ordinary conversation, in a new one, and while the state is loading', () => {
    expect(of({})).toBeNull();
    expect(obstacleOf(undefined, false)).toBeNull();
  });

  it('says who blocked whom only to the one who did', () => {
    expect(of({ isBlockedByMe: true, canSend: false })).toBe('blocked');
    expect(of({ canSend: false })).toBe('unavailable');
  });

  it('asks what to do with a request, also someone who cannot send', () => {
    expect(of({ isRequest: true })).toBe('request');
    expect(of({ isRequest: true }, true)).toBe('request');
    expect(of({ isRequest: true, isBlockedByMe: true })).toBe('blocked');
  });

  it('says what a request waits for, and that an account is suspended', () => {
    expect(of({ awaitsAcceptance: true, canSend: false })).toBe('awaits_acceptance');
    expect(of({ awaitsAcceptance: true, canSend: false }, true)).toBe('suspended');
    expect(obstacleOf(undefined, true)).toBe('suspended');
  });
});

describe('isDeclined', () => {
  const request: GroupState = { ...DEFAULT_GROUP_STATE, isRequest: true };
  const cleared: GroupState = { ...DEFAULT_GROUP_STATE, clearedThrough: at(3) };

  it('is true once what a request has is cleared', () => {
    expect(isDeclined(request, cleared)).toBe(true);
    expect(isDeclined(undefined, cleared)).toBe(false);
    expect(isDeclined(DEFAULT_GROUP_STATE, cleared)).toBe(false);
  });

  it('is false for one that is accepted or blocked', () => {
    expect(isDeclined(request, DEFAULT_GROUP_STATE)).toBe(false);
    expect(isDeclined(request, { ...cleared, isBlockedByMe: true })).toBe(false);
  });
});
