import { TRPCClientError } from '@trpc/client';
import { v7 } from 'uuid';
import { expect, vi } from 'vitest';
import type { TestStream } from '../../../apps/server/tests/open-stream.ts';
import { type Acknowledged, retryUntilAnswered } from '../../support/acknowledged.ts';
import type { Api } from './system.ts';

/** Fails a call that hangs: far above the server's request deadline, for a busy machine. */
const BOUND_MS = 60_000;

/** A call's answer, or the reason why it was refused. */
type CallOutcome<T> = { answer: T; refused?: never } | { answer?: never; refused: string };

/** Makes a call that must be answered or refused in time. */
export async function outcomeOf<T>(call: () => Promise<T>): Promise<CallOutcome<T>> {
  const startedAt = performance.now();
  const outcome = await call().then((answer) => ({ answer }), refusalOf);
  expect(performance.now() - startedAt).toBeLessThan(BOUND_MS);
  return outcome;
}

function refusalOf(error: unknown): { refused: string } {
  if (!(error instanceof TRPCClientError)) throw error;
  // No reason: no answer, or an unexpected error.
  return { refused: error.data?.reason ?? `no reason: ${error.message}` };
}

/** Makes concurrent calls, each of which must be refused in time because of the store. */
export async function expectUnavailable(...calls: (() => Promise<unknown>)[]): Promise<void> {
  const outcomes = await Promise.all(calls.map(outcomeOf));
  expect(outcomes).toEqual(calls.map(() => ({ refused: 'store_unavailable' })));
}

/** Where a message is sent. */
type Place = { messageGroupUuid: string } | { handle: string };

/** A message to send. Every attempt uses the same id. */
export function draftTo(place: Place, text: string) {
  const uuid = v7();
  return {
    uuid,
    text,
    send: (api: Api) => api.messages.create.mutate({ ...place, message: text, clientMessageUuid: uuid }),
  };
}

/** Sends to one instance after the other until one acknowledges. */
export async function sendTo(apis: readonly Api[], place: Place, text: string): Promise<Acknowledged> {
  return acknowledge(draftTo(place, text), apis);
}

export async function acknowledge(draft: ReturnType<typeof draftTo>, apis: readonly Api[]): Promise<Acknowledged> {
  let attempt = 0;
  const message = await retryUntilAnswered(() => {
    const api = apis[attempt++ % apis.length];
    return api && draft.send(api);
  });
  return { uuid: draft.uuid, text: draft.text, message };
}

/** Waits until a check passes. */
export function eventually(check: () => unknown, timeout = 30_000): Promise<unknown> {
  return vi.waitFor(check, { timeout, interval: 100 });
}

/** Waits until a stream has received all these messages, in any order: a page sorts by time and dedupes by uuid. */
export async function expectReceived(stream: TestStream, acknowledged: readonly Acknowledged[]): Promise<void> {
  const missing = () => {
    const received = stream.events.flatMap((event) => (event.type === 'message' ? JSON.stringify(event.message) : []));
    return acknowledged.filter(({ message }) => !received.includes(JSON.stringify(message))).map(({ text }) => text);
  };
  await eventually(() => expect(missing()).toEqual([]));
}
