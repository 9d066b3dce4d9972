import { Logger } from '@aws-lambda-powertools/logger';
import {
  countCodePoints,
  findSearchTerms,
  MESSAGES_SEARCH,
  messageTextRefusal,
  parseSearchQuery,
} from '@cruddur/config';
import { createUser } from '@cruddur/db';
import type { DynamoDBRecord } from 'aws-lambda';
import fc from 'fast-check';
import { v7 } from 'uuid';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { historyRuns } from '../../../tests/support/env.ts';
import { SCRIPT_LETTERS } from '../../../tests/support/script-letters.ts';
import { eventOf, lambdaContext } from '../../../tests/support/stream.ts';
import { openTableStream } from '../../../tests/support/table-stream.ts';
import { createIndexHandler } from '../../stream-lambda/src/create-index-handler.ts';
import { forgeToken } from './forge-token.ts';
import { type Filters, isMember, type KnownMessage, type Searcher, SearchModel } from './search-model.ts';
import { clientOf, refusalOf, startTestServer, type TestServer } from './test-server.ts';

const PEOPLE = 3;
/** Records of one invocation. */
const BATCH = 10;

let server: TestServer;
let readStream: () => Promise<DynamoDBRecord[]>;
let handler: ReturnType<typeof createIndexHandler>;

beforeAll(async () => {
  server = await startTestServer({ rateLimitFactor: 10_000 });
  const { store, db } = server.services;
  handler = createIndexHandler({ table: store, db, logger: new Logger({ logLevel: 'SILENT' }) });
  readStream = await openTableStream(store, inject('dynamodbEndpoint'));
});
afterAll(() => server.stop());

let people = 0;

async function newPerson(): Promise<Searcher> {
  const handle = `searcher${++people}`;
  const sub = v7();
  const account = { handle, displayName: handle, email: `${handle}@x.example`, cognitoUserId: sub };
  const { uuid } = await createUser(server.services.db, account);
  const exp = Math.floor(Date.now() / 1000) + 3600;
  return { uuid, handle, api: clientOf(server.url, await forgeToken(server.cognito, { sub, exp })) };
}

const index = fc.nat(1000);
const SCRIPTS = [...SCRIPT_LETTERS, ' \n\u3000\u200d\'’-"%_\\'];

/** Texts in few letters, so that they have parts in common. */
const textIn = (scripts: readonly string[]) => {
  const pieces = scripts.map((letters) => fc.string({ unit: fc.constantFrom(...Array.from(letters)), maxLength: 5 }));
  return fc
    .array(fc.oneof(...pieces), { minLength: 1, maxLength: 4 })
    .map((each) => each.join(''))
    .filter((each) => messageTextRefusal(each) === null);
};

const FORMS: ((part: string) => string)[] = [
  (part) => part,
  (part) => part.toUpperCase(),
  (part) => part.toLowerCase(),
  (part) => part.normalize('NFC'),
  (part) => part.normalize('NFD'),
  (part) => `"${part.replaceAll(/["“”„]/gu, '')}"`,
];

/** A search for a part of a text that anyone has ever written; filters name an own message whose conversation or time they have. */
const search = fc.record({
  kind: fc.constant('search' as const),
  by: fc.nat(PEOPLE - 1),
  message: index,
  version: index,
  from: index,
  /** Characters. */
  length: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 20 })),
  form: fc.nat(FORMS.length - 1),
  limit: fc.integer({ min: 1, max: 3 }),
  filter: fc.constantFrom('none', 'none', 'group', 'me', 'them', 'before', 'after'),
  filterBy: index,
});
type Search = typeof search extends fc.Arbitrary<infer Value> ? Value : never;

const sendOf = (text: fc.Arbitrary<string>) =>
  fc.record({ kind: fc.constant('send' as const), by: index, to: index, text });
const actionOf = (text: fc.Arbitrary<string>) =>
  fc.oneof(
    { weight: 3, arbitrary: sendOf(text) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('edit' as const), message: index, text }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), message: index }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('clear' as const), message: index, isBySender: fc.boolean() }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('deliver' as const), again: index }) },
    { weight: 6, arbitrary: search },
  );
type Action = ReturnType<typeof actionOf> extends fc.Arbitrary<infer Value> ? Value : never;

/** Some messages are written and indexed before the rest happens. */
const story = fc.subarray(SCRIPTS, { minLength: 1, maxLength: 2 }).chain((scripts) => {
  const text = textIn(scripts);
  return fc.record({
    begin: fc.array(sendOf(text), { minLength: 8, maxLength: 8 }),
    steps: fc.array(actionOf(text), { minLength: 10, maxLength: 25 }),
    last: fc.array(search, { minLength: 10, maxLength: 10 }),
  });
});

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Some whole characters of a text. */
function partOf(whole: string, { from, length }: Search): string {
  const all = Array.from(segmenter.segment(whole), ({ segment }) => segment);
  const start = from % all.length;
  return all.slice(start, start + length).join('');
}

/** One history: what people did, and what the index has been told. */
class History {
  private readonly model = new SearchModel();
  private readonly records: DynamoDBRecord[] = [];
  private delivered = 0;
  private readonly people: readonly Searcher[];

  constructor(people: readonly Searcher[]) {
    this.people = people;
  }

  async perform(step: Action): Promise<void> {
    const { messages } = this.model;
    const message = 'message' in step ? messages[step.message % messages.length] : undefined;
    switch (step.kind) {
      case 'send':
        return this.send(step);
      case 'edit':
        return message && this.edit(message, step.text);
      case 'delete':
        return message && this.delete(message);
      case 'clear':
        return message && this.clear(message, step.isBySender);
      case 'deliver':
        return this.deliver(step.again);
      case 'search':
        return this.search(step);
    }
  }

  private personAt(place: number): Searcher {
    return this.people[place % PEOPLE] ?? expect.fail();
  }

  private async send(step: { by: number; to: number; text: string }): Promise<void> {
    const sender = this.personAt(step.by);
    const recipient = this.personAt(step.by + 1 + (step.to % (PEOPLE - 1)));
    const draft = { message: step.text, clientMessageUuid: v7(), handle: recipient.handle };
    const { uuid, messageGroupUuid, createdAt } = await sender.api.messages.create.mutate(draft);
    const known = { uuid, messageGroupUuid, sender, recipient, createdAt, text: step.text };
    this.model.messages.push({ ...known, texts: [step.text], revision: 0 });
  }

  private async edit(message: KnownMessage, text: string): Promise<void> {
    const { uuid: messageUuid, messageGroupUuid, sender, createdAt, revision } = message;
    if (message.text === '') return;
    const edit = { messageGroupUuid, messageUuid, createdAt, message: text, revision };
    const edited = await sender.api.messages.edit.mutate(edit);
    Object.assign(message, { text, texts: [...message.texts, text], revision: edited.revision });
  }

  private async delete(message: KnownMessage): Promise<void> {
    const { uuid: messageUuid, messageGroupUuid, sender, createdAt } = message;
    await sender.api.messages.delete.mutate({ messageGroupUuid, messageUuid, createdAt });
    message.text = '';
  }

  private async clear({ sender, recipient, messageGroupUuid }: KnownMessage, isBySender: boolean): Promise<void> {
    const by = isBySender ? sender : recipient;
    await by.api.messageGroups.clear.mutate({ messageGroupUuid });
    this.model.clear(by, messageGroupUuid);
  }

  /** Delivers the stream, from some earlier record on: Lambda repeats records. */
  async deliver(again: number): Promise<void> {
    this.records.push(...(await readStream()));
    for (let at = this.delivered - (again % (this.delivered + 1)); at < this.records.length; at += BATCH) {
      const answer = await handler(eventOf(this.records.slice(at, at + BATCH)), lambdaContext);
      expect(answer).toEqual({ batchItemFailures: [] });
    }
    this.delivered = this.records.length;
  }

  /** Searches. Until the index has caught up, it may find too little, and never anything else. */
  private async search(step: Search, isCaughtUp = false): Promise<void> {
    const { messages } = this.model;
    const by = this.personAt(step.by);
    const own = messages.filter((each) => isMember(by, each));
    const message = messages[step.message % messages.length];
    if (!message || own.length === 0) return;
    const text = message.texts[step.version % message.texts.length] ?? expect.fail();
    const query = (FORMS[step.form] ?? expect.fail())(partOf(text, step));
    if (countCodePoints(query) > MESSAGES_SEARCH.queryMaxCodePoints) return;
    if (parseSearchQuery(query).length === 0) {
      const refusal = await refusalOf(by.api.messages.search.query({ query }));
      expect(refusal.reason).toBe('query_blank');
      return;
    }
    const filters = this.filtersOf(step, own);
    const expected = this.model.find(by, query, filters);
    const found = await findAll(by, query, filters, step.limit);
    const context = JSON.stringify({ query, filters });
    if (isCaughtUp) expect(found, context).toEqual(expected.map(({ uuid }) => uuid));
    else
      expect(
        expected.map(({ uuid }) => uuid).filter((uuid) => found.includes(uuid)),
        context,
      ).toEqual(found);
    const isFound = isCaughtUp && step.filter === 'none' && message.text === text && this.model.isVisible(by, message);
    if (isFound) expect(found, context).toContain(message.uuid);
  }

  private filtersOf({ filter, filterBy }: Search, own: readonly KnownMessage[]): Filters {
    const { messageGroupUuid, createdAt } = own[filterBy % own.length] ?? expect.fail();
    return {
      none: {},
      group: { messageGroupUuid },
      me: { from: 'me' as const },
      them: { from: 'them' as const },
      before: { before: createdAt },
      after: { after: createdAt },
    }[filter];
  }

  /** Everyone finds exactly what they see. */
  async finish(searches: readonly Search[]): Promise<void> {
    await this.deliver(0);
    for (const each of searches) await this.search(each, true);
  }
}

/** The uuids of all pages. Each page but the last one is full, and what it marks is in the text. */
async function findAll(by: Searcher, query: string, filters: Filters, limit: number): Promise<string[]> {
  const found: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof by.api.messages.search.query>> = await by.api.messages.search.query({
      query,
      ...filters,
      limit,
      cursor,
    });
    for (const { message, ranges } of page.items) {
      found.push(message.uuid);
      expect(ranges).toEqual(findSearchTerms(message.message, parseSearchQuery(query)));
    }
    if (page.nextCursor !== null) expect(page.items).toHaveLength(limit);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return found;
}

const { numRuns, seed } = historyRuns();
const runs = { numRuns: Math.ceil(numRuns / 2), seed, endOnFailure: true };

it(
  'any part of what a person sees is found, in any form, and nothing else, whatever was edited, deleted and cleared',
  async () => {
    await fc.assert(
      fc.asyncProperty(story, async ({ begin, steps, last }) => {
        const history = new History(await Promise.all(Array.from({ length: PEOPLE }, newPerson)));
        for (const step of begin) await history.perform(step);
        await history.deliver(0);
        for (const step of steps) await history.perform(step);
        await history.finish(last);
      }),
      runs,
    );
  },
  // Only ends a test that hangs.
  runs.numRuns * 30_000,
);
