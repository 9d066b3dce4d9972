import { describe, expect, it } from 'vitest';
import { at, makeMessage } from '../testing.ts';
import type { LiveEvent } from '../trpc/types.ts';
import { type EventTakers, takeEvent } from './handle-event.ts';

const person = { uuid: 'bayko-uuid', handle: 'bayko', displayName: 'Andrew Bayko' };
const written = (userUuid: string): LiveEvent => ({ type: 'message', message: makeMessage(1, { userUuid }), person });
const marked = (userUuid: string): LiveEvent => ({
  type: 'read',
  messageGroupUuid: 'group',
  userUuid,
  readAt: at(1),
});

/** What is done with an event, in order. */
function doneWith(event: LiveEvent, isNew = true): string[] {
  const done: string[] = [];
  const note = (name: string) => (value: unknown) => void done.push(`${name} ${JSON.stringify(value)}`);
  const takers: EventTakers = {
    receive(message, { handle }) {
      done.push(`receive ${message.uuid} ${handle}`);
      return isNew;
    },
    notify: ({ uuid }) => note('notify')(uuid),
    startTyping: note('startTyping'),
    stopTyping: note('stopTyping'),
    takeOwnMarker: note('own'),
    takeOthersMarker: note('others'),
    catchUp: note('catchUp'),
  };
  takeEvent(event, 'me', takers);
  return done;
}

describe('takeEvent', () => {
  it('receives another’s message, ends their typing, and notifies of it once', () => {
    expect(doneWith(written('bayko-uuid'))).toEqual([
      'receive message-1 bayko',
      'stopTyping "group"',
      'notify "message-1"',
    ]);
    expect(doneWith(written('bayko-uuid'), false)).not.toContain('notify "message-1"');
  });

  it('receives one’s own message from elsewhere, and no more', () => {
    expect(doneWith(written('me'))).toEqual(['receive message-1 bayko']);
  });

  it('tells one’s own marker from the other’s', () => {
    const marker = JSON.stringify({ messageGroupUuid: 'group', userUuid: 'me', readAt: at(1) });
    expect(doneWith(marked('me'))).toEqual([`own ${marker}`]);
    expect(doneWith(marked('bayko-uuid'))).toEqual([`others ${marker.replace('"me"', '"bayko-uuid"')}`]);
  });

  it('takes typing and catching up to where they belong', () => {
    expect(doneWith({ type: 'typing', messageGroupUuid: 'group', userUuid: 'x' })).toEqual(['startTyping "group"']);
    expect(doneWith({ type: 'caught_up', isComplete: false })).toEqual(['catchUp false']);
  });
});
