import { USERS_SEARCH } from '@cruddur/config';
import { useCombobox } from 'downshift';
import { type RefObject, useEffect, useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { useMyself } from '../session/me-context.ts';
import { errorWords } from '../trpc/reason-words.ts';
import { useContactState } from '../trpc/server-contact.ts';
import type { UserShort } from '../trpc/types.ts';
import { useListState } from '../ui/back-to-list.ts';
import { classes } from '../ui/classes.ts';
import { Dialog } from '../ui/dialog.tsx';
import { newConversationPath, withoutAt } from '../ui/handle-text.ts';
import { useDebounced } from '../ui/timers.ts';
import { Avatar } from './avatar.tsx';
import { pickerWords } from './picker-words.ts';
import { useUserSearch } from './user-queries.ts';

const DEBOUNCE_MS = 200;

interface PersonPickerProps {
  /** What was typed before this code was loaded. */
  typedAhead: RefObject<string>;
  onClose: () => void;
}

/** Finds a person by name or handle, and opens the conversation with them. */
export default function PersonPicker({ typedAhead, onClose }: PersonPickerProps) {
  return (
    <Dialog title="New message" onClose={onClose}>
      <PersonCombobox typedAhead={typedAhead} onClose={onClose} />
    </Dialog>
  );
}

function PersonCombobox({ typedAhead, onClose }: PersonPickerProps) {
  const navigate = useNavigate();
  const state = useListState();
  const [query, setQuery] = useState(() => typedAhead.current);
  const [highlighted, setHighlighted] = useState(0);
  const { people, words, isCurrent, isAwaited, awaitFirst } = usePeople(withoutAt(query));

  function choose(person: UserShort) {
    onClose();
    void navigate(newConversationPath(person.handle), { state });
  }
  useEffect(() => {
    if (isAwaited && people[0]) choose(people[0]);
  });

  const { getInputProps, getLabelProps, getMenuProps, getItemProps, highlightedIndex } = useCombobox({
    items: people,
    inputValue: query,
    isOpen: people.length > 0,
    defaultHighlightedIndex: 0,
    // People found for earlier letters can be clicked, but Enter must not choose one of them.
    highlightedIndex: isCurrent ? highlighted : -1,
    onHighlightedIndexChange: ({ highlightedIndex }) => setHighlighted(highlightedIndex),
    itemToString: (person) => person?.displayName ?? '',
    onSelectedItemChange: ({ selectedItem }) => {
      if (selectedItem) choose(selectedItem);
    },
  });

  return (
    <>
      {/* biome-ignore lint/a11y/noLabelWithoutControl: its props name the control */}
      <label {...getLabelProps({ className: 'mb-1.5 block text-sm font-medium' })}>Name or handle</label>
      <input
        {...getInputProps({
          maxLength: USERS_SEARCH.queryMaxCodePoints,
          // Not `onInputValueChange`: it runs after React has restored the old value, which moves the caret.
          onChange: (event) => setQuery(event.currentTarget.value),
          autoCapitalize: 'none',
          autoComplete: 'off',
          spellCheck: false,
          onKeyDown: (event) => {
            // Downshift would empty the field; here Escape closes the dialog.
            if (event.key === 'Escape') onClose();
            if (event.key === 'Enter' && !event.nativeEvent.isComposing && highlightedIndex === -1) awaitFirst();
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

/**
 * The people that a text finds.
 *
 * @returns `awaitFirst`, to be called when Enter is pressed: `isAwaited` is true once the text's own results are there.
 * Results for earlier letters don't count, and neither does Enter once the text has changed.
 */
function usePeople(text: string) {
  const me = useMyself();
  const contact = useContactState();
  const [entered, setEntered] = useState<string | null>(null);
  const isWaiting = entered === text;
  const debounced = useDebounced(text, DEBOUNCE_MS);
  const asked = isWaiting ? text : debounced;
  const { data, error, isPlaceholderData } = useUserSearch(asked);
  const isCurrent = asked === text && data !== undefined && !isPlaceholderData;
  const found = isCurrent || (contact !== 'offline' && !isWaiting) ? data : undefined;
  const failure = error ? errorWords(error) : undefined;
  const { people, words } = pickerWords({ text, found, failure, contact, myHandle: me.handle });
  // Enter found no one: it must not choose the result of a later search.
  if (isWaiting && isCurrent && people.length === 0) setEntered(null);
  return { people, words, isCurrent, isAwaited: isWaiting && isCurrent, awaitFirst: () => setEntered(text) };
}
