import { Switch } from 'radix-ui';
import { Fragment, useState } from 'react';
import { Dialog } from '../ui/dialog.tsx';
import { SHORTCUTS } from './shortcuts.ts';
import { readSingleKeys, writeSingleKeys } from './single-keys.ts';

const KEY =
  'inline-block min-w-7 rounded-md border border-edge bg-paper px-1.5 py-0.5 text-center font-sans text-sm font-medium';

/** The list of shortcuts. */
export default function ShortcutHelp({ onClose }: { onClose: () => void }) {
  const [singleKeys, setSingleKeys] = useState(readSingleKeys);
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      <dl className="divide-y divide-line">
        {SHORTCUTS.map((shortcut) => (
          <div key={shortcut.action} className="flex items-center justify-between gap-4 py-2.5">
            <dt>{shortcut.words}</dt>
            <dd className="flex items-center gap-2 text-muted">
              {shortcut.keys.map((keys, index) => (
                <Fragment key={keys.join()}>
                  {index > 0 ? 'or' : null}
                  <span className="flex gap-1">
                    {keys.map((key) => (
                      <kbd key={key} className={KEY}>
                        {key}
                      </kbd>
                    ))}
                  </span>
                </Fragment>
              ))}
            </dd>
          </div>
        ))}
        <Fixed words="Send" keys={['Enter']} />
        <Fixed words="Break the line" keys={['Shift', 'Enter']} />
        <Fixed words="From message to message, in the thread" keys={['↑', '↓']} />
      </dl>
      <div className="mt-4 flex items-center justify-between gap-4">
        <label htmlFor="single-keys">Single keys, such as ?, are shortcuts</label>
        <Switch.Root
          id="single-keys"
          checked={singleKeys}
          onCheckedChange={(on) => {
            setSingleKeys(on);
            writeSingleKeys(on);
          }}
          className="h-7 w-12 shrink-0 rounded-full border border-edge bg-paper p-0.5 data-[state=checked]:bg-moss"
        >
          <Switch.Thumb className="block size-5 rounded-full bg-edge transition-transform data-[state=checked]:translate-x-5 data-[state=checked]:bg-on-moss" />
        </Switch.Root>
      </div>
    </Dialog>
  );
}

function Fixed({ words, keys }: { words: string; keys: string[] }) {
  return (
    <div className="flex items-center justify-between gap-4 py-2.5">
      <dt>{words}</dt>
      <dd className="flex gap-1">
        {keys.map((key) => (
          <kbd key={key} className={KEY}>
            {key}
          </kbd>
        ))}
      </dd>
    </div>
  );
}
