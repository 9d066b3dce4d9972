import * as z from 'zod/mini';
// Not from the namespace `z.core`, which brings every language's messages into a bundle.
import { $ZodObjectJIT } from 'zod/v4/core';
import { MalformedItemError } from './errors.ts';
import type { TableRef } from './table-ref.ts';

/** An item as the SDK returns it. */
export type Item = Record<string, unknown>;

export type ItemSchema<Entity> = z.core.$ZodType<Entity>;

/**
 * The schema of an item, compiled: `zod/mini` interprets its objects, which takes six times as long for a page of messages.
 * Leaves out what the shape does not name.
 */
export function itemSchema<Shape extends z.core.$ZodShape>(shape: Shape, catchall?: z.core.$ZodType) {
  return new $ZodObjectJIT({ type: 'object', shape, catchall }) as z.core.$ZodObject<Shape, z.core.$strip>;
}

/**
 * Parses items that the table returned. Reports malformed ones and leaves them out.
 *
 * @param pk - the partition, if the query did not read it
 * @throws {MalformedItemError} if the table has no `onMalformedItem`
 */
export function parseItems<Entity>(
  { onMalformedItem }: TableRef,
  schema: ItemSchema<Entity>,
  items: readonly Item[] = [],
  pk?: string,
): Entity[] {
  return items.flatMap((item) => {
    const { success, data, error } = z.safeParse(schema, item);
    if (success) return [data];
    const malformed = new MalformedItemError({ pk, ...item }, error);
    if (!onMalformedItem) throw malformed;
    onMalformedItem(malformed);
    return [];
  });
}

/** The same for one item. */
export function parseItem<Entity>(table: TableRef, schema: ItemSchema<Entity>, item?: Item): Entity | undefined {
  return parseItems(table, schema, item && [item])[0];
}
