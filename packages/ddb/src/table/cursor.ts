import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, randomBytes } from 'node:crypto';
import * as z from 'zod/mini';
import { MessageStoreError } from './errors.ts';

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const IVS_DRAWN = 128;
const TAG_BYTES = 16;

const payloadSchema = z.object({
  /** The sort key after which the next page begins. */
  after: z.string(),
  /** The next page is newer: messages only. */
  isNewer: z.optional(z.boolean()),
  /** What earlier pages showed. */
  seen: z.optional(z.array(z.string())),
  /** Whether they showed more than the cursor holds. */
  isSeenCut: z.optional(z.boolean()),
});
export type CursorPayload = z.infer<typeof payloadSchema>;

export interface WithCursors {
  cursors: ReturnType<typeof createCursorCodec>;
}

/** Returns a function that returns random initialization vectors. Draws many at a time: a draw takes half as long as sealing. */
function createIvSource(): () => Buffer {
  let drawn = Buffer.alloc(0);
  return () => {
    if (drawn.length === 0) drawn = randomBytes(IVS_DRAWN * IV_BYTES);
    const iv = drawn.subarray(0, IV_BYTES);
    drawn = drawn.subarray(IV_BYTES);
    return iv;
  };
}

/**
 * Seals and opens page cursors: AES-256-GCM with the binding, which names the list and its owner, as associated data. A
 * cursor cannot be read, altered or used for another caller or group.
 *
 * @param secret - 32 characters or more, the same in every server instance
 */
export function createCursorCodec(secret: string) {
  // Not as bytes, which Node would check and convert for each cursor.
  const key = createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', 'cruddur page cursors', 32)));
  const nextIv = createIvSource();
  const associated = (binding: readonly string[]) => Buffer.from(JSON.stringify(binding));

  function openAs<Payload>(schema: z.ZodMiniType<Payload>, binding: readonly string[], cursor: string): Payload {
    try {
      const bytes = Buffer.from(cursor, 'base64url');
      const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
        .setAAD(associated(binding))
        .setAuthTag(bytes.subarray(-TAG_BYTES));
      const plain = decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
      return schema.parse(JSON.parse(plain));
    } catch (cause) {
      throw new MessageStoreError('cursor_invalid', { cause });
    }
  }

  return {
    seal(binding: readonly string[], payload: object): string {
      const iv = nextIv();
      const cipher = createCipheriv(ALGORITHM, key, iv).setAAD(associated(binding));
      const sealed = [iv, cipher.update(JSON.stringify(payload)), cipher.final(), cipher.getAuthTag()];
      return Buffer.concat(sealed).toString('base64url');
    },

    /** @throws {MessageStoreError} `cursor_invalid`, if the cursor was altered, forged, or belongs to another list */
    open: (binding: readonly string[], cursor: string): CursorPayload => openAs(payloadSchema, binding, cursor),

    /** The same for a payload of another schema. */
    openAs,
  };
}
