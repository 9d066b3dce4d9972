/** A language's file of an area: the keys of the English one, and no others. */
export type Translation<Area> = Record<keyof Area, string>;

/** The names in braces of an ICU message. A branch of a plural contains `#` or a space, so that it is not taken for a name. */
export type PlaceholderOf<Text extends string> = Text extends `${string}{${infer Rest}`
  ? NameAt<Rest> | PlaceholderOf<Rest>
  : never;

type NameAt<Rest extends string> = Rest extends `${infer Inside}}${string}`
  ? Inside extends `${infer Name},${string}`
    ? OneWord<Name>
    : OneWord<Inside>
  : never;

type OneWord<Name extends string> = Name extends `${string}${' ' | '#' | '{'}${string}` ? never : Name;
