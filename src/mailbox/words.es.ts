import type { MailboxWords } from './words.en.ts';

export const es: MailboxWords = {
  title: 'Buzón',
  lead: 'Countersign funciona solo en este equipo: sus correos y mensajes se guardan aquí en vez de enviarse. Con el ajuste SMTP_URL se envían.',
  empty: 'Aún no se ha enviado nada.',
  sms: 'Mensaje de texto',
  to: 'Para',
};
