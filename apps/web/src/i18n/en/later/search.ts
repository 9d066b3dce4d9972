export const search = {
  'search.running': 'Searching',
  'search.results': 'Search results',
  'search.failed': 'Couldn’t search. {reason}',
  'search.nothing': 'Nothing found for “{query}”.',
  'search.nothing.hint': 'Check the spelling, or try fewer letters.',
  'search.onlyLoaded': '{reason} Only messages that this page has loaded are searched.',
  'search.people': 'People',
  'search.conversations': 'Conversations',
  'search.messages': 'Messages',
  'search.people.count': '{count, plural, one {# person} other {# people}}',
  'search.conversations.count': '{count, plural, one {# conversation} other {# conversations}}',
  'search.messages.count': '{count, plural, one {# message} other {# messages}}',
} as const;
