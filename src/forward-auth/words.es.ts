import type { ForwardAuthWords } from './words.en.ts';

export const es: ForwardAuthWords = {
  closed: {
    title: (app) => `No tienes acceso a ${app}`,
    body: 'Solo pueden usarla ciertos grupos, y no perteneces a ninguno de ellos. Si es un error, habla con tu administrador.',
    signedInAs: 'Has iniciado sesión como',
    away: (brand) => `Ir a ${brand}`,
  },
  going: {
    title: (app) => `Vamos a ${app}`,
    body: 'Has iniciado sesión. Si la página siguiente no se abre sola, ábrela aquí.',
    go: (app) => `Abrir ${app}`,
  },
  unknown: {
    title: 'Este servidor no está registrado',
    body: (brand) =>
      `Su proxy pregunta a ${brand} quién puede entrar, y ${brand} no lo conoce: no hay ninguna aplicación registrada con este servidor, o el proxy no es de los de confianza.`,
  },
  failed: {
    title: 'Este inicio de sesión no puede seguir',
    body: 'Ya se usó, tardó demasiado o empezó en otro navegador. También falla si este navegador bloquea las cookies.',
    again: 'Empezar de nuevo',
  },
  signOut: {
    title: (app) => `¿Salir de ${app}?`,
    body: (brand) => `La sesión en ${brand} sigue abierta, y podrías volver sin escribir nada.`,
    button: 'Salir',
    stay: 'Seguir dentro',
  },
  signedOut: {
    title: (app) => `Has salido de ${app}`,
    body: (brand) =>
      `Puede que tu sesión en ${brand} siga abierta. Si otras personas usan este ordenador, ciérrala también.`,
    elsewhere: (brand) => `Cerrar la sesión en ${brand}`,
    again: (app) => `Volver a abrir ${app}`,
  },
};
