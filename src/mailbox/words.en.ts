export const en = {
  title: 'Mailbox',
  lead: 'This installation runs on this machine only: mails and text messages are kept here instead of being sent. Set SMTP_URL to send them.',
  empty: 'Nothing has been sent yet.',
  mail: 'Mail',
  sms: 'Text message',
  to: 'To',
};

export type MailboxWords = typeof en;
