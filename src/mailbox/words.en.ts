export const en = {
  title: 'Mailbox',
  lead: 'Countersign runs on this machine only: its mails and text messages are kept here instead of being sent. The setting SMTP_URL sends them.',
  leadMails:
    'Countersign runs on this machine only: its mails are kept here instead of being sent. The setting SMTP_URL sends them. Text messages go through the gateway of SMS_URL.',
  empty: 'Nothing has been sent yet.',
  sms: 'Text message',
  to: 'To',
};

export type MailboxWords = typeof en;
