/** A value of type `s`, `u` or `b`, or `as`: all that the tests' bus needs. */
export type DbusValue = string | number | string[];

const TYPES = { call: 1, return: 2, error: 3, signal: 4 } as const;

export interface ReceivedDbusMessage {
  type: keyof typeof TYPES;
  serial: number;
  member: string;
  body: Buffer;
}

interface SentDbusMessage {
  type: keyof typeof TYPES;
  sender: string;
  path?: string;
  interface?: string;
  member?: string;
  errorName?: string;
  replySerial?: number;
  signature?: string;
  body?: DbusValue[];
}

// Header fields by their code: https://dbus.freedesktop.org/doc/dbus-specification.html#message-protocol-messages
const FIELDS = [
  [1, 'o', 'path'],
  [2, 's', 'interface'],
  [3, 's', 'member'],
  [4, 's', 'errorName'],
  [5, 'u', 'replySerial'],
  [7, 's', 'sender'],
  [8, 'g', 'signature'],
] as const;
const MEMBER = 3;

/** The bytes before the header's fields, and before these the array's length. */
const FIXED_BYTES = 16;

const aligned = (offset: number, to: number) => Math.ceil(offset / to) * to;

/** Reads values in order. */
export class DbusReader {
  readonly #bytes: Buffer;
  #offset = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#offset >= this.#bytes.length;
  }

  byte(): number {
    return this.#bytes.readUInt8(this.#offset++);
  }

  uint32(): number {
    const offset = aligned(this.#offset, 4);
    this.#offset = offset + 4;
    return this.#bytes.readUInt32LE(offset);
  }

  string(): string {
    return this.#text(this.uint32());
  }

  signature(): string {
    return this.#text(this.byte());
  }

  align(to: number): void {
    this.#offset = aligned(this.#offset, to);
  }

  #text(length: number): string {
    const start = this.#offset;
    this.#offset = start + length + 1;
    return this.#bytes.toString('utf8', start, start + length);
  }
}

/** The first message of what a client has sent, and its length in bytes; `undefined` until all of it is there. */
export function nextDbusMessage(bytes: Buffer): { message: ReceivedDbusMessage; length: number } | undefined {
  if (bytes.length < FIXED_BYTES) return undefined;
  if (bytes.toString('latin1', 0, 1) !== 'l') throw new Error('only little-endian messages are read');
  const fieldsEnd = FIXED_BYTES + bytes.readUInt32LE(12);
  const bodyStart = aligned(fieldsEnd, 8);
  const length = bodyStart + bytes.readUInt32LE(4);
  if (bytes.length < length) return undefined;
  const fields = new DbusReader(bytes.subarray(FIXED_BYTES, fieldsEnd));
  let member = '';
  while (!fields.isAtEnd) {
    fields.align(8);
    const code = fields.byte();
    const type = fields.signature();
    const value = type === 'u' ? fields.uint32() : type === 'g' ? fields.signature() : fields.string();
    if (code === MEMBER) member = String(value);
  }
  const [type = 'call'] = Object.entries(TYPES).find(([, code]) => code === bytes.readUInt8(1)) ?? [];
  const body = bytes.subarray(bodyStart, length);
  return { message: { type: type as keyof typeof TYPES, serial: bytes.readUInt32LE(8), member, body }, length };
}

/** The serial number of the last message. */
let last = 0;

/** Writes a message of the bus to a client. */
export function formatDbusMessage(message: SentDbusMessage): Buffer {
  const body = new DbusWriter();
  for (const value of message.body ?? []) body.value(value);
  const fields = new DbusWriter();
  for (const [code, type, name] of FIELDS) {
    const value = message[name];
    if (value === undefined || value === '') continue;
    fields.align(8);
    fields.byte(code);
    fields.signature(type);
    if (type === 'g') fields.signature(String(value));
    else fields.value(value);
  }
  last += 1;
  const header = new DbusWriter();
  for (const byte of ['l'.charCodeAt(0), TYPES[message.type], 0, 1]) header.byte(byte);
  for (const number of [body.length, last, fields.length]) header.value(number);
  fields.align(8);
  return Buffer.concat([header.bytes(), fields.bytes(), body.bytes()]);
}

class DbusWriter {
  readonly #written: number[] = [];

  get length(): number {
    return this.#written.length;
  }

  bytes(): Buffer {
    return Buffer.from(this.#written);
  }

  byte(value: number): void {
    this.#written.push(value);
  }

  align(to: number): void {
    while (this.length % to !== 0) this.byte(0);
  }

  value(value: DbusValue): void {
    this.align(4);
    if (typeof value === 'number') this.#written.push(...uint32(value));
    else if (typeof value === 'string')
      this.#written.push(...uint32(Buffer.byteLength(value)), ...Buffer.from(value), 0);
    else {
      const items = new DbusWriter();
      for (const item of value) items.value(item);
      this.#written.push(...uint32(items.length), ...items.bytes());
    }
  }

  signature(value: string): void {
    this.#written.push(value.length, ...Buffer.from(value), 0);
  }
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
