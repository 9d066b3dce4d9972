import { listDevices } from './devices/list-devices.ts';
import { registerDevice } from './devices/register-device.ts';
import { removeDevice } from './devices/remove-device.ts';
import { updateDevice } from './devices/update-device.ts';
import { subscribe } from './events/subscribe.ts';
import { ping } from './health/ping.ts';
import { acceptRequest } from './message-groups/accept-request.ts';
import { clearGroup } from './message-groups/clear-group.ts';
import { countMessageGroups } from './message-groups/count-message-groups.ts';
import { declineRequest } from './message-groups/decline-request.ts';
import { findMessageGroup } from './message-groups/find-message-group.ts';
import { listMessageGroups } from './message-groups/list-message-groups.ts';
import { listReadMarkers } from './message-groups/list-read-markers.ts';
import { markRead } from './message-groups/mark-read.ts';
import { signalTyping } from './message-groups/signal-typing.ts';
import { updateGroup } from './message-groups/update-group.ts';
import { createMessage } from './messages/create-message.ts';
import { deleteMessage } from './messages/delete-message.ts';
import { editMessage } from './messages/edit-message.ts';
import { listMessages } from './messages/list-messages.ts';
import { reactToMessage } from './messages/react-to-message.ts';
import { readMessageHistory } from './messages/read-message-history.ts';
import { reportMessage } from './messages/report-message.ts';
import { searchMessages } from './messages/search-messages.ts';
import { router } from './trpc.ts';
import { blockPerson } from './users/block-person.ts';
import { exportData } from './users/export-data.ts';
import { listBlocked } from './users/list-blocked.ts';
import { me } from './users/me.ts';
import { searchUsers } from './users/search-users.ts';
import { settings, updateSettings } from './users/settings.ts';
import { shortUser } from './users/short-user.ts';
import { unblockPerson } from './users/unblock-person.ts';

export const appRouter = router({
  devices: { list: listDevices, register: registerDevice, remove: removeDevice, update: updateDevice },
  events: { subscribe },
  health: { ping },
  messageGroups: {
    accept: acceptRequest,
    clear: clearGroup,
    counts: countMessageGroups,
    decline: declineRequest,
    find: findMessageGroup,
    list: listMessageGroups,
    markRead,
    readMarkers: listReadMarkers,
    signalTyping,
    update: updateGroup,
  },
  messages: {
    create: createMessage,
    delete: deleteMessage,
    edit: editMessage,
    history: readMessageHistory,
    list: listMessages,
    react: reactToMessage,
    report: reportMessage,
    search: searchMessages,
  },
  users: {
    block: blockPerson,
    exportData,
    listBlocked,
    me,
    search: searchUsers,
    settings,
    short: shortUser,
    unblock: unblockPerson,
    updateSettings,
  },
});

/** The API's type, which is all that the web app imports from the server. */
export type AppRouter = typeof appRouter;
