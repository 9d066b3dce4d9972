// Parts of a write's input. Names of attributes are written as `#name`: DynamoDB reserves some.

/**
 * Sets the attributes that have a value, and removes the others.
 *
 * @example
 * setOrRemove({ muted_until: 'always', is_pinned: undefined })
 * // SET #muted_until = :muted_until REMOVE #is_pinned
 */
export function setOrRemove(attributes: object) {
  const [set, removed] = [[] as string[], [] as string[]];
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined) removed.push(`#${name}`);
    else set.push(`#${name} = :${name}`);
  }
  return {
    UpdateExpression: [set.length > 0 && `SET ${set.join()}`, removed.length > 0 && `REMOVE ${removed.join()}`]
      .filter(Boolean)
      .join(' '),
    ExpressionAttributeNames: namesOf(attributes),
    ExpressionAttributeValues: valuesOf(attributes, ''),
  };
}

/** The condition that an item's attributes are as they were read: absent, if they have no value. */
export function isAsRead<Item extends object>(item: Item, names: readonly (keyof Item & string)[]) {
  const isSame = (name: (typeof names)[number]) =>
    item[name] === undefined ? `attribute_not_exists(#${name})` : `#${name} = :was_${name}`;
  const read = Object.fromEntries(names.map((name) => [name, item[name]]));
  return {
    ConditionExpression: names.map(isSame).join(' AND '),
    ExpressionAttributeNames: namesOf(read),
    ExpressionAttributeValues: valuesOf(read, 'was_'),
  };
}

const namesOf = (attributes: object) => Object.fromEntries(Object.keys(attributes).map((name) => [`#${name}`, name]));

/** DynamoDB refuses an empty record. */
function valuesOf(attributes: object, prefix: string): Record<string, unknown> | undefined {
  const values = Object.entries(attributes).filter(([, value]) => value !== undefined);
  if (values.length === 0) return undefined;
  return Object.fromEntries(values.map(([name, value]) => [`:${prefix}${name}`, value]));
}
