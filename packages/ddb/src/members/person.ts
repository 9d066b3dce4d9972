import { shownName } from '@cruddur/config';
import * as z from 'zod/mini';

/** A person as the API returns it. */
export interface Person {
  uuid: string;
  handle: string;
  displayName: string;
}

/** What looks people up. */
export interface WithPeople {
  /** Finds a person whom the table does not name, because the origin lost a row. */
  findPerson: (userUuid: string) => Promise<Person | undefined>;
}

/** How items name a person. The origin's may lack the display name. */
export const personShape = {
  user_uuid: z.string(),
  user_handle: z.string(),
  user_display_name: z._default(z.string(), ''),
};

/** The person whom an item names. The origin's names, and our older ones, were stored unchecked. */
export function personOf(item: z.output<z.ZodMiniObject<typeof personShape>>): Person {
  const { user_uuid: uuid, user_handle: handle, user_display_name: name } = item;
  return { uuid, handle, displayName: shownName(name, handle) };
}

/** A person as items name one. */
export function namedIn({ uuid, handle, displayName }: Person) {
  return { user_uuid: uuid, user_handle: handle, user_display_name: displayName };
}
