import { v7 } from 'uuid';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openFreshStream, type TestStream } from './open-stream.ts';
import { type Instance, refusalOf, startTestServer, type TestServer } from './test-server.ts';

type Person = Awaited<ReturnType<typeof signIn>>;

let server: TestServer;
let other: Instance;
const streams: TestStream[] = [];
let people = 0;

beforeAll(async () => {
  server = await startTestServer({ rateLimitFactor: 10 });
  other = await server.startInstance();
});
afterEach(() => {
  for (const stream of streams.splice(0)) stream.close();
});
afterAll(() => server.stop());

async function signIn(name: string) {
  const handle = `${name}${++people}`;
  const person = await server.signIn(handle);
  return { ...person, ...(await person.api.users.me.query()) };
}

async function open(person: Person, { url }: { url: string } = other): Promise<TestStream> {
  const stream = await openFreshStream(server.services.bus, url, person);
  streams.push(stream);
  return stream;
}

const say = (person: Person, to: { handle: string } | { messageGroupUuid: string }, message = 'Hello', more = {}) =>
  person.api.messages.create.mutate({ message, clientMessageUuid: v7(), ...to, ...more });

/** Waits until a stream has everything that was published before. */
async function settle(stream: TestStream, person: Person, messageGroupUuid: string): Promise<void> {
  const before = stream.events.length;
  await person.api.messageGroups.update.mutate({ messageGroupUuid, mutedUntil: null });
  await expect.poll(() => stream.events.slice(before).some(({ type }) => type === 'state')).toBe(true);
}

describe('someone who is blocked', () => {
  it('gets no event of it, also if the other person accepts what is no request', async () => {
    const [ana, ben] = [await signIn('ana'), await signIn('ben')];
    const { messageGroupUuid } = await say(ana, ben);
    const stream = await open(ana);
    await ben.api.users.block.mutate({ handle: ana.handle });
    await ben.api.messageGroups.accept.mutate({ messageGroupUuid });
    await ben.api.messageGroups.decline.mutate({ messageGroupUuid });
    expect(await refusalOf(say(ben, { messageGroupUuid }))).toMatchObject({ reason: 'recipient_unavailable' });
    await settle(stream, ana, messageGroupUuid);
    expect(stream.events.filter(({ type }) => type === 'state')).toHaveLength(1);
  });
});

describe('a reply by handle to a request', () => {
  it('tells both people that it is accepted', async () => {
    const [ana, ben] = [await signIn('ana'), await signIn('ben')];
    await ben.api.users.updateSettings.mutate({ whoMayMessage: 'requests' });
    const { messageGroupUuid } = await say(ana, ben);
    for (const text of ['Two', 'Three']) await say(ana, { messageGroupUuid }, text);
    const [hers, his] = [await open(ana), await open(ben)];
    await say(ben, ana, 'Yes');
    const statesOf = ({ events }: TestStream) => events.filter(({ type }) => type === 'state');
    await expect.poll(() => statesOf(hers)).toMatchObject([{ awaitsAcceptance: false, canSend: true }]);
    await expect.poll(() => statesOf(his)).toMatchObject([{ isRequest: false }]);
  });
});

describe('a message of a declined request', () => {
  it('tells its recipient nothing', async () => {
    const [ana, ben] = [await signIn('ana'), await signIn('ben')];
    await ben.api.users.updateSettings.mutate({ whoMayMessage: 'requests' });
    const { messageGroupUuid } = await say(ana, ben);
    await ben.api.messageGroups.decline.mutate({ messageGroupUuid });
    const stream = await open(ben);
    const hidden = await say(ana, { messageGroupUuid }, 'Hidden');
    const address = { messageGroupUuid, messageUuid: hidden.uuid, createdAt: hidden.createdAt };
    await ana.api.messages.edit.mutate({ ...address, message: 'Hidden as well', revision: 0 });
    await ana.api.messages.react.mutate({ ...address, emoji: '👍', isOn: true });
    await settle(stream, ben, messageGroupUuid);
    expect(stream.events.map(({ type }) => type)).toEqual(['state']);
  });
});

describe('the recipient of a request', () => {
  it('can react only once it is accepted', async () => {
    const [ana, ben] = [await signIn('ana'), await signIn('ben')];
    await ben.api.users.updateSettings.mutate({ whoMayMessage: 'requests' });
    const { messageGroupUuid, uuid: messageUuid, createdAt } = await say(ana, ben);
    const reaction = { messageGroupUuid, messageUuid, createdAt, emoji: '👍', isOn: true };
    expect(await refusalOf(ben.api.messages.react.mutate(reaction))).toMatchObject({ reason: 'request_pending' });
    await ben.api.messageGroups.accept.mutate({ messageGroupUuid });
    expect(await ben.api.messages.react.mutate(reaction)).toMatchObject({ reactions: [{ emoji: '👍' }] });
  });
});

describe('a reply to a message that was cleared', () => {
  it('quotes nothing of it, live', async () => {
    const [ana, ben] = [await signIn('ana'), await signIn('ben')];
    const first = await say(ana, ben, 'Burn this letter');
    const { messageGroupUuid } = first;
    await ben.api.messageGroups.clear.mutate({ messageGroupUuid });
    const [hers, his] = [await open(ana), await open(ben)];
    const replyTo = { messageUuid: first.uuid, createdAt: first.createdAt };
    const reply = await say(ana, { messageGroupUuid }, 'Done?', { replyTo });
    const quotesIn = ({ events }: TestStream) =>
      events.flatMap((event) =>
        event.type === 'message' && event.message.uuid === reply.uuid ? (event.message.replyTo?.excerpt ?? []) : [],
      );
    await expect.poll(() => quotesIn(his)).toEqual(['']);
    await expect.poll(() => quotesIn(hers)).toEqual(['Burn this letter']);
  });
});
