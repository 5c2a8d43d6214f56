import type { LeavingWords } from './words.en.ts';

export const es: LeavingWords = {
  data: {
    title: 'Tus datos',
    lead: 'Todo lo que se guarda aquí sobre ti, en un archivo.',
    holds: [
      'Tu cuenta: nombre, correos, idioma, funciones, grupos y cuándo se creó.',
      'Tu segundo paso: qué configuraste y cuándo se usó por última vez. En el archivo no hay ningún secreto.',
      'Dónde tienes o has tenido la sesión abierta, y qué ha pasado en tu cuenta.',
      'Las aplicaciones que te conocen y lo que les has permitido.',
    ],
    format:
      'Es un archivo JSON, que otros programas pueden leer. Lleva tu nombre: guárdalo en un lugar privado.',
    button: 'Descargar tus datos',
  },
  delete: {
    title: 'Borrar tu cuenta',
    lead: 'Tu cuenta se cierra al instante y se borra para siempre 7 días después.',
    goes: 'Qué desaparece',
    list: [
      'Tu nombre, tus correos, tu contraseña, tu segundo paso y tus códigos de recuperación.',
      'Tus sesiones, aquí y en cada aplicación en la que entras con esta cuenta. Esas aplicaciones deciden por su parte qué conservan.',
      'Tus grupos, y con ellos lo que solo sus miembros pueden abrir.',
    ],
    wayBack: (days) =>
      `Durante ${days} días, un enlace del correo que te enviamos lo devuelve todo. Después nadie puede, ni siquiera un administrador.`,
    stays: 'Los registros conservan lo que pasó, bajo un número que ya no lleva hasta ti.',
    download: 'Antes de irte, quizá quieras una copia de todo:',
    confirmation: (email) => `Para confirmar, escribe tu correo: ${email}`,
    password: 'Tu contraseña actual',
    button: 'Borrar mi cuenta',
    cancel: 'Conservar mi cuenta',
    last: 'Eres el único administrador. Nombra antes a otra persona: sin administrador nadie podría ocuparse de las cuentas.',
  },
  back: 'Perfil',
};
