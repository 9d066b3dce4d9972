import { failed } from './errors.ts';

/** Says in one sentence that a service does not answer, and how to start it. */
export function unanswered(
  service: string,
  where: { prod: boolean; embedded: boolean; address: string; variable: string },
  cause: unknown,
): Error {
  const said = `${service} does not answer at ${where.address}`;
  const options = { cause };
  if (where.prod) return failed(`${said}.`, options);
  if (where.embedded) return failed(`${said}: start the local stack with \`npm run dev\`.`, options);
  return failed(
    `${said}, which ${where.variable} names: start it there, or unset the variable and start the local stack with \`npm run dev\`.`,
    options,
  );
}
