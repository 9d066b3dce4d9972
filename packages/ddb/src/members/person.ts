import { shownName } from '@cruddur/config';
import * as z from 'zod/mini';

export interface Person {
  uuid: string;
  handle: string;
  displayName: string;
}

export interface WithPeople {
  /** Finds a person that the table does not name because the origin lost a row. */
  findPerson: (userUuid: string) => Promise<Person | undefined>;
}

/** Names a person in an item. The origin's items may lack the display name. */
export const personShape = {
  user_uuid: z.string(),
  user_handle: z.string(),
  user_display_name: z._default(z.string(), ''),
};

/** The person in an item. The origin's names, and our older ones, were stored unchecked. */
export function personOf(item: z.output<z.ZodMiniObject<typeof personShape>>): Person {
  const { user_uuid: uuid, user_handle: handle, user_display_name: name } = item;
  return { uuid, handle, displayName: shownName(name, handle) };
}

/** The attributes of an item that name a person. */
export function namedIn({ uuid, handle, displayName }: Person) {
  return { user_uuid: uuid, user_handle: handle, user_display_name: displayName };
}
