import type { ReminderWords } from './reminder-words.en.ts';

export const es: ReminderWords = {
  subject: (day) => `La autenticación en dos pasos es obligatoria a partir del ${day}`,
  body: (brand, instant) => [
    `Tu organización ha decidido que para entrar en ${brand} harán falta dos pasos a partir del ${instant}: tu contraseña y algo que solo tienes tú, como una aplicación en tu teléfono.`,
    'Todavía no la has activado. Se tarda un minuto. Después de ese día, al entrar tendrás que configurarla primero.',
  ],
  bodyNow: (brand) => [
    `Tu organización ha decidido que para entrar en ${brand} hacen falta dos pasos: tu contraseña y algo que solo tienes tú, como una aplicación en tu teléfono.`,
    'Todavía no la has activado, así que la próxima vez que entres tendrás que configurarla. Se tarda un minuto.',
  ],
  lead: 'Actívala aquí:',
  label: 'Activarla',
};
