/** Choosing a person, and leaving the own account. */
export const people = {
  'people.pick': 'Name or handle',
  'people.pick.hint': 'Type a name or handle.',
  'people.found': 'People',
  'people.found.count': '{count, plural, one {# person} other {# people}}',
  'people.searching': 'Searching…',
  'people.self': 'You can’t message yourself.',
  'people.nobody': 'No people found for “{query}”.',
  'people.close': 'Close',
  'people.shortcuts': 'Keyboard shortcuts',
  'people.signOut.unsent': 'You have {unsent}.',
  'people.signOut.hint': 'Signing out deletes unsent messages, changes and drafts from this browser.',
  'people.signOut.confirm': 'Discard and sign out',
} as const;
