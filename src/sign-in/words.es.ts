import type { SignInWords } from './words.en.ts';

export const es: SignInWords = {
  signIn: {
    title: 'Iniciar sesión',
    email: 'Correo electrónico',
    password: 'Contraseña',
    button: 'Iniciar sesión',
    forgot: '¿Has olvidado la contraseña?',
    signUp: 'Crear una cuenta',
  },
};
