import { ChevronDown } from 'lucide-react';
import { t } from '../../i18n/t.ts';
import type { MessageSearchInput } from '../../search/use-message-search.ts';
import { classes } from '../../ui/classes.ts';

export type SearchFilter = Pick<MessageSearchInput, 'from' | 'has'>;

interface SearchFiltersProps {
  filter: SearchFilter;
  name: string;
  onFilter: (filter: SearchFilter) => void;
}

const CONTROL = 'min-h-9 rounded-full border border-edge bg-surface px-3 text-sm pointer-coarse:min-h-11';

/** Narrows a search: by who sent the messages, and to those with a link. */
export function SearchFilters({ filter, name, onFilter }: SearchFiltersProps) {
  const { from, has } = filter;
  return (
    <>
      {/* The arrow is ours: WebKit gives a field with its own one a look of its own, too. */}
      <span className="relative max-w-48 min-w-0">
        <select
          aria-label={t('thread.search.sender')}
          value={from ?? ''}
          onChange={({ currentTarget: { value } }) =>
            onFilter({ ...filter, from: value === 'me' || value === 'them' ? value : undefined })
          }
          className={classes(CONTROL, 'w-full appearance-none truncate pe-9')}
        >
          <option value="">{t('thread.search.anyone')}</option>
          <option value="me">{t('thread.search.me')}</option>
          <option value="them">{t('thread.search.them', { name })}</option>
        </select>
        <ChevronDown
          size={16}
          aria-hidden
          className="pointer-events-none absolute inset-y-0 end-3 my-auto text-muted"
        />
      </span>
      <label className={classes(CONTROL, 'flex shrink-0 cursor-pointer items-center gap-2')}>
        <input
          type="checkbox"
          checked={has === 'link'}
          onChange={({ currentTarget: { checked } }) => onFilter({ ...filter, has: checked ? 'link' : undefined })}
          className="size-4 accent-moss"
        />
        {t('thread.search.link')}
      </label>
    </>
  );
}
