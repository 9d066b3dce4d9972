import { addTexts, importTexts, loadLanguage } from '../src/i18n/t.ts';

await loadLanguage('en');
// A test may render what a lazy part contains.
for (const set of ['auth', 'later'] as const) addTexts(await importTexts(set));

// In tests with a page. Testing Library's default of one second is too short for a busy machine.
if (typeof document !== 'undefined') {
  const { configure } = await import('@testing-library/react');
  configure({ asyncUtilTimeout: 30_000 });
}
