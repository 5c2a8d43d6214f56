import type { MailboxWords } from './words.en.ts';

export const es: MailboxWords = {
  title: 'Buzón',
  lead: 'Countersign funciona solo en este equipo: sus correos y mensajes se guardan aquí en vez de enviarse. Para enviarlos, define SMTP_URL.',
  leadMails:
    'Countersign funciona solo en este equipo: sus correos se guardan aquí en vez de enviarse. Para enviarlos, define SMTP_URL. Los mensajes de texto salen por la pasarela de SMS_URL.',
  empty: 'Aún no se ha enviado nada.',
  sms: 'Mensaje de texto',
  to: 'Para',
};
