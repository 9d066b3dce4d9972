import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { DataStore } from 'cognito-local/lib/services/dataStore/dataStore.js';
import type { DataStoreFactory } from 'cognito-local/lib/services/dataStore/factory.js';
import { StackError } from '../engines/errors.ts';
import { writeFileAtomic } from '../write-file-atomic.ts';

type Json = Record<string, unknown>;

/**
 * Keeps the emulator's data in one JSON file per pool. The emulator's own store overwrites its files in place: a kill
 * during a sign-in leaves half a file and loses all accounts.
 */
export function createFileStoreFactory(directory: string): DataStoreFactory {
  mkdirSync(directory, { recursive: true });
  return {
    async create(_context, id, defaults) {
      const file = path.join(directory, `${id}.json`);
      const store = new FileStore(file, existsSync(file) ? readState(file) : { ...defaults });
      await store.save();
      return store;
    },
  };
}

class FileStore implements DataStore {
  readonly #file: string;
  readonly #state: Json;

  constructor(file: string, state: Json) {
    this.#file = file;
    this.#state = state;
  }

  async getRoot<T>(): Promise<T | null> {
    return this.#state as T;
  }

  async get<T>(_context: unknown, key: string | string[], fallback?: T): Promise<T> {
    const value = [key].flat().reduce<unknown>((node, name) => (isObject(node) ? node[name] : undefined), this.#state);
    return (value ?? fallback ?? null) as T;
  }

  async set<T>(_context: unknown, key: string | string[], value: T): Promise<void> {
    const { parent, name } = this.#locate(key);
    parent[name] = value;
    await this.save();
  }

  async delete(_context: unknown, key: string | string[]): Promise<void> {
    const { parent, name } = this.#locate(key);
    delete parent[name];
    await this.save();
  }

  save(): Promise<void> {
    return writeFileAtomic(this.#file, JSON.stringify(this.#state, null, 2));
  }

  #locate(key: string | string[]): { parent: Json; name: string } {
    const names = [key].flat();
    const name = names.pop();
    if (name === undefined) throw new TypeError('An empty key');
    let parent = this.#state;
    for (const step of names) {
      const child = parent[step];
      const next: Json = isObject(child) ? child : Object.create(null);
      parent[step] = next;
      parent = next;
    }
    return { parent, name };
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null;
}

function readState(file: string): Json {
  try {
    // Dates are recognised by their names, as in the emulator.
    return JSON.parse(readFileSync(file, 'utf8'), (key, value: unknown) =>
      key.endsWith('Date') && typeof value === 'string' ? new Date(value) : value,
    ) as Json;
  } catch (error) {
    throw new StackError(`Cognito's accounts in ${file} cannot be read: npm run reset deletes them.`, { cause: error });
  }
}
