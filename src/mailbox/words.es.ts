import type { MailboxWords } from './words.en.ts';

export const es: MailboxWords = {
  title: 'Buzón',
  lead: 'Esta instalación funciona solo en este equipo: los correos y mensajes se guardan aquí en vez de enviarse. Define SMTP_URL para enviarlos.',
  empty: 'Aún no se ha enviado nada.',
  mail: 'Correo',
  sms: 'Mensaje de texto',
  to: 'Para',
};
