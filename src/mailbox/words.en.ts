export const en = {
  title: 'Mailbox',
  lead: 'Countersign runs on this machine only: its mails and text messages are kept here instead of being sent. To send them, set SMTP_URL.',
  leadMails:
    'Countersign runs on this machine only: its mails are kept here instead of being sent. To send them, set SMTP_URL. Text messages go through the gateway of SMS_URL.',
  empty: 'Nothing has been sent yet.',
  sms: 'Text message',
  to: 'To',
};

export type MailboxWords = typeof en;
