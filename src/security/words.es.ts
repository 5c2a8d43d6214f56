import type { SecurityWords } from './words.en.ts';

export const es: SecurityWords = {
  overview: {
    title: 'Seguridad',
    heading: 'Autenticación en dos pasos',
    frozen: (until) =>
      `Hasta el ${until} no se pueden cambiar aquí la contraseña, el correo ni el segundo paso, porque alguien dijo «No fui yo». Aún puedes cerrar sesiones.`,
    byMail: 'Elegir una contraseña nueva por correo',
    off: 'Tu cuenta está protegida solo por tu contraseña. Quien la averigüe puede entrar en tu lugar.',
    offLead:
      'Con la autenticación en dos pasos, para entrar hace falta también un código de tu teléfono, o una llave.',
    how: 'Cómo funciona',
    enable: 'Activar 2FA',
    on: (factors) => `Tu cuenta está protegida por ${factors}.`,
    safe: 'Aunque pierdas el teléfono podrás entrar: tienes códigos de recuperación.',
    safeAnyhow: 'Aunque pierdas el teléfono podrás entrar.',
    safeKey: 'Aunque pierdas uno de ellos podrás entrar.',
    safeOnlyKey: 'Aunque la pierdas podrás entrar: tienes códigos de recuperación.',
    fewCodes: (left) =>
      left === 0
        ? 'No te quedan códigos de recuperación: crea otros nuevos.'
        : `Solo ${left === 1 ? 'te queda un código' : `te quedan ${left} códigos`} de recuperación: crea otros nuevos.`,
    oneCode: 'Si pierdes el teléfono, solo te quedará un código de recuperación. Crea otros nuevos.',
    atRisk:
      'Si pierdes el teléfono no podrás entrar: no te quedan códigos de recuperación. Crea otros ahora mismo.',
    oneCodeKey: 'Si pierdes la llave, solo te quedará un código de recuperación. Crea otros nuevos.',
    atRiskKey:
      'Si pierdes la llave no podrás entrar: no te quedan códigos de recuperación. Crea otros ahora mismo, o añade otro método.',
    noneWorks:
      'Tu segundo paso ya no funciona: solo los códigos de recuperación te permiten entrar. Añade otro método ahora.',
    factors: 'Tu segundo paso',
    noFactors: 'Todavía nada.',
    added: 'Añadido',
    used: 'último uso',
    never: 'sin usar',
    preferred: 'se pide primero',
    suspended: 'suspendido',
    forbidden: 'ya no se acepta',
    noneAccepted:
      'Tu organización ya no lo acepta. Añade otro método ahora, o se te pedirá la próxima vez que entres.',
    manage: 'Gestionar',
    codes: 'Códigos de recuperación',
    codesLeft: (left) => (left === 1 ? 'Queda 1 de 10' : `Quedan ${left} de 10`),
    codesMade: 'Creados',
    newCodes: 'Crear códigos nuevos',
    disable: 'Desactivar la autenticación en dos pasos',
    required: {
      rule: 'Tu organización exige la autenticación en dos pasos.',
      role: 'Tu organización exige la autenticación en dos pasos para tu función de administrador.',
    },
  },
  losses: {
    title: 'Si pierdes algo',
    phone: '¿Y si pierdo mi teléfono?',
    thing: (label) => `¿Y si pierdo «${label}»?`,
    named: (label) => `«${label}»`,
    other: (names) => `Podrías entrar todavía con ${names}.`,
    codes: (left) => `Podrías entrar con uno de tus ${left} códigos de recuperación.`,
    lastCode: 'Te quedaría un código de recuperación, para entrar una última vez.',
    lockedOut: 'No podrías entrar.',
  },
  browsers: {
    title: 'Navegadores de confianza',
    lead: 'En estos navegadores no se te pide el segundo paso hasta que cambie tu contraseña o tu segundo paso.',
    none: 'Ninguno. Para confiar en uno, marca «No volver a pedirlo en este navegador» en el segundo paso al iniciar sesión.',
    network: 'Red',
    used: 'último uso',
    until: 'termina',
    remove: 'Pedir de nuevo',
    removeOf: (browser) => `Pedir de nuevo en ${browser}`,
  },
  checkUp: {
    title: '¿Todavía puedes entrar?',
    lead: 'Si hoy perdieras tu segundo paso, entrarías con tus códigos de recuperación. ¿Sabes dónde están?',
    proven: 'Comprobado por última vez',
    type: (number) => `Escribe el código de recuperación ${number}`,
    check: 'Comprobar',
    later: 'Ahora no',
  },
  advice: {
    title: '¿Qué has perdido?',
    lead: 'Has iniciado sesión con un código de recuperación. Si ya no tienes el teléfono o la llave, cámbialos o quítalos ahora, para que quien los encuentre no pueda usarlos.',
    manage: (label) => `Cambiar o quitar «${label}»`,
    later: 'No he perdido nada',
  },
  mustEnrol: {
    title: 'Activa la autenticación en dos pasos',
    lead: 'Tu organización la exige. Se tarda un minuto y después ya puedes entrar.',
    recoverTitle: 'Configura un segundo paso nuevo',
    recoverLead:
      'Tu pase temporal sirve para esto y nada más. El anterior se conserva hasta que el nuevo esté activado.',
    renewTitle: 'Configura otro segundo paso',
    renewLead: 'Tu organización ya no acepta el método que tienes. Añade otro y después ya puedes entrar.',
    noWay: 'Ahora mismo no se puede configurar ningún método aquí. Pregunta a tu administrador.',
    proveTitle: 'Primero, un enlace en tu correo',
    prove: (email) =>
      `Hemos enviado un enlace a ${email}. Ábrelo en este navegador. Así sabemos que eres tú: la contraseña por sí sola no debe bastar para configurar el segundo paso.`,
    again: 'Enviar el enlace otra vez',
  },
  factor: {
    label: 'Nombre',
    save: 'Guardar',
    replace: 'Cambiar',
    replaceLead:
      'Para un teléfono, un número o una llave nuevos. El método actual sigue funcionando hasta que se compruebe el nuevo; después, ya no.',
    replaceIdle: 'Para un teléfono, un número o una llave nuevos en su lugar.',
    suspended:
      'Se ha suspendido y no te permite entrar. Si lo tienes y confías en él, quítalo y añádelo de nuevo.',
    idle: 'Aquí no te permite entrar.',
    order: 'Cuál se pide primero',
    orderLead: 'Tienes varios. Al entrar se pide primero el que prefieras; los demás también sirven.',
    prefer: 'Pedir este primero',
    isPreferred: 'Al entrar se pide este primero; los demás también sirven.',
    remove: 'Quitar',
    removeQuestion: '¿Quitarlo de tu cuenta?',
    removeEffect: (label) => `«${label}» deja de servir para iniciar sesión al instante.`,
    removeButton: 'Quitar',
    cancel: 'Cancelar',
    removeLead: 'Deja de servir para tu segundo paso al instante.',
    removeLast: 'Es tu único segundo paso. Si lo quitas, se desactiva la autenticación en dos pasos.',
    back: 'Seguridad',
  },
  disable: {
    title: 'Desactivar la autenticación en dos pasos',
    lead: 'A partir de entonces bastará tu contraseña para entrar.',
    goes: 'Se borran al instante:',
    list: [
      'todos los segundos pasos que has configurado',
      'tus códigos de recuperación',
      'tus navegadores de confianza',
    ],
    sessions: 'Aquí tu sesión sigue abierta; en los demás sitios se cierra. Te avisaremos por correo.',
    password: 'Contraseña actual',
    button: 'Desactivar la autenticación en dos pasos',
    cancel: 'Dejarla activada',
    required: {
      rule: 'Tu organización exige la autenticación en dos pasos, así que no se puede desactivar.',
      role: 'Tu organización exige la autenticación en dos pasos para tu función de administrador, así que no se puede desactivar.',
    },
  },
  confirm: {
    title: 'Confirma que eres tú',
    lead: 'Vas a ver o cambiar algo que protege tu cuenta. Escribe tu contraseña otra vez.',
    password: 'Contraseña',
    button: 'Continuar',
    cancel: 'Cancelar',
  },
};
