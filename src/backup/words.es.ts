import type { RestoredWords } from './words.en.ts';

export const es: RestoredWords = {
  subject: (brand) => `${brand} se ha restaurado desde una copia de seguridad`,
  body: (brand, instant) => [
    `Hubo un problema con ${brand} y se ha restaurado al estado del ${instant}. Todo lo que se cambió después vuelve a estar como entonces: contraseñas, direcciones de correo, segundos pasos y aplicaciones que pueden usar tu cuenta.`,
    'Se ha cerrado tu sesión en todas partes, y los enlaces de nuestros correos anteriores ya no sirven. Entra como siempre. Si al principio no se acepta el código de tu aplicación de autenticación, espera dos minutos y escribe el que muestre entonces.',
  ],
  codes:
    'Tus códigos de recuperación ya no sirven, porque nadie puede saber cuáles se usaron. Crea otros nuevos en cuanto hayas entrado.',
  again:
    'Si desde entonces cambiaste tu contraseña o quitaste un teléfono o una llave que perdiste, hazlo de nuevo: lo anterior vuelve a servir.',
  lead: 'Revisa tus segundos pasos aquí:',
  leadWithCodes: 'Revisa tus segundos pasos y crea nuevos códigos de recuperación aquí:',
  label: 'Revisar mi seguridad',
};
