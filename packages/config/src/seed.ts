/** The seeded conversation between `andrewbrown` and `bayko`. */
export const SEEDED_MESSAGE_GROUP_UUID = '5ae290ed-55d1-47a0-bc6d-fe2bc2700399';

/** The password of the seeded people, only in the embedded stack. */
export const SEEDED_PASSWORD = 'Cruddur-2026!';

/** Created at the first start. */
export const SEEDED_PEOPLE = [
  { handle: 'andrewbrown', displayName: 'Andrew Brown', email: 'andrew@cruddur.example' },
  { handle: 'bayko', displayName: 'Andrew Bayko', email: 'bayko@cruddur.example' },
  { handle: 'londo', displayName: 'Londo Mollari', email: 'londo@cruddur.example' },
  { handle: 'loren', displayName: 'Loren Ipsum', email: 'loren@cruddur.example' },
];
