import type { TryWords } from './words.en.ts';

export const es: TryWords = {
  title: (app) => `Probar un inicio de sesión en ${app}`,
  lead: 'Se te pide lo mismo que a quienes abren la aplicación, y después ves aquí qué se le diría. A ella no le llega nada.',
  asYouAre: 'Probar con la sesión que tienes',
  anew: 'Probar con contraseña y segundo paso',
  scopes: 'Lo que se pide',
  done: {
    title: (app) => `${app}: esto es lo que se le dice`,
    lead: 'El inicio de sesión ha funcionado. El código se ha canjeado aquí y ya está gastado.',
    idToken: 'Token de identidad',
    idTokenLead: 'Firmado, y válido durante una hora.',
    userinfo: 'Dirección userinfo',
    userinfoLead: 'Lo que nombran los ámbitos, mientras dure la sesión.',
    claim: 'Dato',
    value: 'Valor',
  },
  failed: {
    title: (app) => `${app}: el inicio de sesión no ha funcionado`,
    lead: 'A la aplicación se le dice esto, y nada de la persona:',
    error: 'Error',
    description: 'Descripción',
    lost: 'La respuesta no corresponde a ninguna prueba hecha ahora en este navegador. Prueba otra vez.',
  },
  again: 'Probar otra vez',
  back: (app) => `Volver a ${app}`,
};
