// @vitest-environment jsdom
import { render } from '@testing-library/react';
import { expect, it } from 'vitest';
import { fillIn } from './fill-in.tsx';

it('puts an element wherever the text has its place', () => {
  const { container } = render(fillIn((name) => `To ${name}: ${name} knows.`, <bdi>Ada</bdi>));
  expect(container.innerHTML).toBe('To <bdi>Ada</bdi>: <bdi>Ada</bdi> knows.');
});
