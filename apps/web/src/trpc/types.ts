import type { AppRouter } from '@cruddur/server';
import type { TRPCClientError } from '@trpc/client';
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';

type Outputs = inferRouterOutputs<AppRouter>;
type Inputs = inferRouterInputs<AppRouter>;

export type Message = Outputs['messages']['create'];
export type MessageGroupPage = Outputs['messageGroups']['list'];
export type MessageGroupCounts = Outputs['messageGroups']['counts'];
export type MessageGroup = MessageGroupPage['items'][number];
export type MessagePage = Outputs['messages']['list'];
export type MessageHistory = Outputs['messages']['history'];
/** A message that a search has found, with the conversation's other member. `ranges`: what to highlight, in code points of its text. */
export type FoundMessage = Omit<FoundMessagePage['items'][number], 'person'> & { person: PersonName };
export type FoundMessagePage = Outputs['messages']['search'];
export type UserShort = Outputs['users']['short'];
export type PersonName = Pick<UserShort, 'handle' | 'displayName'>;
export type ReadMarker = Outputs['messageGroups']['markRead'];
/** A device of the person that receives pushes. */
export type Device = Outputs['devices']['list']['items'][number];
export type Settings = Outputs['users']['settings'];
export type ExportPage = Outputs['users']['exportData'];
export type ExportLine = ExportPage['lines'][number];
export type UpdateSettingsInput = Inputs['users']['updateSettings'];
export type CreateMessageInput = Inputs['messages']['create'];
export type ListMessagesInput = Inputs['messages']['list'];

export type LiveEvent =
  Outputs['events']['subscribe'] extends AsyncIterable<infer Tracked extends { data: unknown }>
    ? Tracked['data']
    : never;

/** A conversation's state for the person. */
export type MessageGroupState = Omit<Extract<LiveEvent, { type: 'state' }>, 'type'>;

/** An error of any procedure, with `data.reason` as the server types it. */
export type ApiError = TRPCClientError<AppRouter>;

export type Reason = NonNullable<NonNullable<ApiError['data']>['reason']>;
