import { loadLanguage } from '../src/i18n/t.ts';

await loadLanguage('en');

// In tests with a page. Testing Library's default of one second is too short for a busy machine.
if (typeof document !== 'undefined') {
  const { configure } = await import('@testing-library/react');
  configure({ asyncUtilTimeout: 30_000 });
}
