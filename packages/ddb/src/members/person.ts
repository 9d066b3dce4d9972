import { shownName } from '@cruddur/config';

/** A person as the table's items name them. */
export interface Person {
  uuid: string;
  handle: string;
  displayName: string;
}

/** What looks people up. */
export interface WithPeople {
  /** Finds the names of a person whom the table does not name, because the owner of a row lost it. */
  findPerson: (userUuid: string) => Promise<Person | undefined>;
}

/** Reads the person that an item names. The origin's names, and our older ones, were stored unchecked. */
export function personOf(item: { user_uuid: string; user_handle: string; user_display_name?: string }): Person {
  const { user_uuid: uuid, user_handle: handle, user_display_name: name = '' } = item;
  return { uuid, handle, displayName: shownName(name, handle) };
}
