import { USERS_SEARCH } from '@cruddur/config';
import { useCombobox } from 'downshift';
import { type RefObject, useEffect, useState } from 'react';
import { t } from '../i18n/t.ts';
import { useDrafts } from '../outbox/outbox-context.ts';
import type { UserShort } from '../trpc/types.ts';
import { useListState } from '../ui/back-to-list.ts';
import { classes } from '../ui/classes.ts';
import { Dialog } from '../ui/dialog.tsx';
import { isInputMethodKey } from '../ui/input-method.ts';
import { navigate } from '../ui/page-router.tsx';
import { newConversationPath, withoutAt } from '../ui/text.ts';
import { Avatar } from './avatar.tsx';
import { usePeople } from './use-people.ts';

interface PersonPickerProps {
  /** What was typed before this code was loaded. */
  typedAhead: RefObject<string>;
  /** What becomes the draft for the person, after what is there already; empty for nothing. */
  shared: string;
  onClose: () => void;
}

export default function PersonPicker(props: PersonPickerProps) {
  return (
    <Dialog title={t('list.newMessage')} onClose={props.onClose}>
      <PersonCombobox {...props} />
    </Dialog>
  );
}

function PersonCombobox(props: PersonPickerProps) {
  const { people, words, combobox, inputProps } = usePersonCombobox(props);
  return (
    <>
      {/* biome-ignore lint/a11y/noLabelWithoutControl: its props name the control */}
      <label {...combobox.getLabelProps({ className: 'mb-1.5 block text-sm font-medium' })}>{t('people.pick')}</label>
      <input
        {...inputProps}
        className="h-12 w-full rounded-xl border border-edge bg-surface px-3.5 outline-none focus:border-moss focus:ring-1 focus:ring-moss"
      />
      <p role="status" className={classes('mt-3 text-muted', people.length > 0 && 'sr-only')}>
        {words}
      </p>
      <ul
        {...combobox.getMenuProps({ 'aria-label': t('people.found'), className: 'mt-2 -mx-2 min-h-0 overflow-y-auto' })}
      >
        {people.map((person, index) => (
          <li
            key={person.uuid}
            {...combobox.getItemProps({ item: person, index })}
            className={classes(
              'flex min-h-14 items-center gap-3 rounded-2xl px-2',
              combobox.highlightedIndex === index && 'bg-selected',
            )}
          >
            <Avatar handle={person.handle} displayName={person.displayName} className="size-10" />
            <span className="min-w-0">
              <span className="block truncate font-semibold text-page-start" dir="auto">
                {person.displayName}
              </span>
              <span dir="ltr" className="block truncate text-sm text-muted text-page-start">{`@${person.handle}`}</span>
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

function usePersonCombobox({ typedAhead, shared, onClose }: PersonPickerProps) {
  const drafts = useDrafts();
  const state = useListState();
  const [query, setQuery] = useState(() => typedAhead.current);
  const [highlighted, setHighlighted] = useState(0);
  const { people, words, isCurrent, isAwaited, awaitFirst } = usePeople(withoutAt(query));

  function choose(person: UserShort) {
    onClose();
    const target = { handle: person.handle };
    if (shared !== '') drafts.set(target, [drafts.get(target), shared].filter((text) => text !== '').join('\n'));
    navigate(newConversationPath(person.handle), { state });
  }
  useEffect(() => {
    if (isAwaited && people[0]) choose(people[0]);
  });

  const combobox = useCombobox({
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
  const inputProps = combobox.getInputProps({
    maxLength: USERS_SEARCH.queryMaxCodePoints,
    // Not `onInputValueChange`: it runs after React has restored the old value, which moves the caret.
    onChange: (event) => setQuery(event.currentTarget.value),
    autoCapitalize: 'none',
    autoComplete: 'off',
    spellCheck: false,
    onKeyDown: (event) => {
      // Downshift would clear the field; here Escape closes the dialog.
      if (event.key === 'Escape') onClose();
      if (event.key === 'Enter' && !isInputMethodKey(event.nativeEvent) && combobox.highlightedIndex === -1)
        awaitFirst();
    },
  });
  return { people, words, combobox, inputProps };
}
