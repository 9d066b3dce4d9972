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
      const state = existsSync(file) ? readState(file) : { ...defaults };
      const save = () => writeFileAtomic(file, JSON.stringify(state, null, 2));
      await save();
      return createStore(state, save);
    },
  };
}

function createStore(state: Json, save: () => Promise<void>): DataStore {
  return {
    async getRoot<T>() {
      return state as T;
    },
    async get<T>(_context: unknown, key: string | string[], fallback?: T) {
      const value = [key].flat().reduce<unknown>((node, name) => (node as Json | undefined)?.[name], state);
      return (value ?? fallback ?? null) as T;
    },
    async set(_context, key, value) {
      const { parent, name } = locate(state, key);
      parent[name] = value;
      await save();
    },
    async delete(_context, key) {
      const { parent, name } = locate(state, key);
      delete parent[name];
      await save();
    },
  };
}

/** The object that has a key's last name, created if missing. */
function locate(state: Json, key: string | string[]): { parent: Json; name: string } {
  const names = [key].flat();
  const name = names.pop() ?? '';
  let parent = state;
  for (const step of names) {
    parent[step] ??= Object.create(null);
    parent = parent[step] as Json;
  }
  return { parent, name };
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
