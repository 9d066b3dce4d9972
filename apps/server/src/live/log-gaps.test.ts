import { expect, it } from 'vitest';
import type { BusListener, EventBus } from './event-bus.ts';
import { logGaps } from './log-gaps.ts';

it('logs each gap but the one at the start', () => {
  const lines: string[] = [];
  let listener: BusListener | undefined;
  const subscribe: EventBus['subscribe'] = (added) => {
    listener = added;
    return () => undefined;
  };
  logGaps({ subscribe } as EventBus, { warn: (line) => lines.push(line) });
  listener?.onGap();
  expect(lines).toEqual([]);
  listener?.onGap();
  listener?.onGap();
  expect(lines).toEqual(['events missed', 'events missed']);
});
