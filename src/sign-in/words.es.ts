import type { SignInWords } from './words.en.ts';

export const es: SignInWords = {
  signIn: {
    title: 'Iniciar sesión',
    email: 'Correo electrónico',
    password: 'Contraseña',
    button: 'Iniciar sesión',
    forHelp:
      '¿Has perdido el teléfono, las llaves y los códigos de recuperación? Escribe primero tu correo y tu contraseña. Después podrás pedir ayuda.',
    forgot: '¿Has olvidado la contraseña?',
    signUp: 'Crear una cuenta',
  },
};
