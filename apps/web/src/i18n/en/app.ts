export const app = {
  'app.messages': 'Messages',
  'app.conversation': 'Conversation',
  'app.select': 'Select a conversation',
  'app.select.hint': 'Choose one from the list, or start a new one.',
  'app.listBroken': 'Couldn’t show your conversations.',
  'app.conversationBroken': 'Couldn’t show this conversation.',
  'app.offline': '{reason} Messages will be sent when you reconnect.',
  'app.unreachable': '{reason} Retrying. Your messages will be sent when we reconnect.',
  'app.notStored':
    'Cruddur can’t save data in this browser. Drafts and unsent messages are kept only until you close or reload this page.',
  'app.dialogLoading': 'Loading a dialog',
  'app.tryAgain': 'Try again',
} as const;
