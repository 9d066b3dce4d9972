import { USERS_SEARCH } from '@cruddur/config';
import { useCombobox } from 'downshift';
import { useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { errorWords } from '../trpc/reason-words.ts';
import { classes } from '../ui/classes.ts';
import { Dialog } from '../ui/dialog.tsx';
import { useDebounced } from '../ui/use-debounced.ts';
import { Avatar } from './avatar.tsx';
import { useMyself } from './me-gate.tsx';
import { pickerWords } from './picker-words.ts';
import { useUserSearch } from './use-user-search.ts';

const DEBOUNCE_MS = 200;

/** Finds a person by name or handle, to write to. */
export default function PersonPicker({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Write to somebody" onClose={onClose}>
      <PersonCombobox onClose={onClose} />
    </Dialog>
  );
}

function PersonCombobox({ onClose }: { onClose: () => void }) {
  const me = useMyself();
  const navigate = useNavigate();
  const [query, setQuery] = useState('');
  const settled = useDebounced(query, DEBOUNCE_MS);
  const { data, error } = useUserSearch(settled);
  const failure = error ? errorWords(error) : undefined;
  const { people, words } = pickerWords({ query, found: data, failure, myHandle: me.handle });

  const { getInputProps, getLabelProps, getMenuProps, getItemProps, highlightedIndex } = useCombobox({
    items: people,
    inputValue: query,
    isOpen: people.length > 0,
    defaultHighlightedIndex: 0,
    itemToString: (person) => person?.displayName ?? '',
    onSelectedItemChange: ({ selectedItem }) => {
      onClose();
      if (selectedItem) void navigate(`/messages/new/${encodeURIComponent(selectedItem.handle)}`);
    },
  });

  return (
    <>
      {/* biome-ignore lint/a11y/noLabelWithoutControl: its props name the control */}
      <label {...getLabelProps({ className: 'mb-1.5 block text-sm font-medium' })}>Name or handle</label>
      <input
        {...getInputProps({
          maxLength: USERS_SEARCH.queryMaxCodePoints,
          // Not `onInputValueChange`: it comes after React has restored the old value, and letters typed quickly are lost.
          onChange: (event) => setQuery(event.currentTarget.value),
          autoCapitalize: 'none',
          autoComplete: 'off',
          spellCheck: false,
          onKeyDown: (event) => {
            // The field's own Escape would empty it; here it closes the dialog.
            if (event.key === 'Escape') onClose();
          },
          className:
            'h-12 w-full rounded-xl border border-edge bg-surface px-3.5 outline-none focus:border-moss focus:ring-1 focus:ring-moss',
        })}
      />
      <p role="status" className={classes('mt-3 text-muted', people.length > 0 && 'sr-only')}>
        {words}
      </p>
      <ul {...getMenuProps({ 'aria-label': 'People', className: 'mt-2 -mx-2 min-h-0 overflow-y-auto' })}>
        {people.map((person, index) => (
          <li
            key={person.uuid}
            {...getItemProps({
              item: person,
              index,
              className: classes(
                'flex min-h-14 items-center gap-3 rounded-2xl px-2',
                highlightedIndex === index && 'bg-selected',
              ),
            })}
          >
            <Avatar handle={person.handle} displayName={person.displayName} className="size-10" />
            <span className="min-w-0">
              <span className="block truncate font-semibold" dir="auto">
                {person.displayName}
              </span>
              <span className="block truncate text-sm text-muted">{`@${person.handle}`}</span>
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
