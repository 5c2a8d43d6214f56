import type { NoticeCode, NoticeWords } from './notices.en.ts';

export const es: NoticeWords = {
  two_factor_on: 'La autenticación en dos pasos está activada.',
  two_factor_off: 'La autenticación en dos pasos está desactivada.',
  app_added: 'Se ha añadido la aplicación de autenticación. Puedes usarla desde tu próximo inicio de sesión.',
  key_added: 'La llave se ha añadido. ¿Conservas todavía tus códigos de recuperación?',
  factor_removed: 'El método se ha quitado y ya no sirve para iniciar sesión.',
  factor_renamed: 'Se ha guardado el nombre nuevo.',
  phone_set: 'Tu teléfono para los códigos está listo.',
  factor_replaced: 'El método nuevo ya vale. La anterior ya no sirve para iniciar sesión.',
  factor_preferred: 'Ese método se te pedirá primero.',
  check_up_done: 'Correcto: tus códigos de recuperación siguen sirviendo. Este no se ha gastado.',
  browser_untrusted: 'A ese navegador se le volverá a pedir el segundo paso.',
  codes_regenerated: 'Tus nuevos códigos de recuperación ya valen. Los anteriores han dejado de servir.',
  password_changed: 'Tu contraseña ha cambiado. Se ha cerrado tu sesión en todos los demás sitios.',
  password_set: 'Tu contraseña está lista. Inicia sesión con ella.',
  password_reset_done: 'Tu contraseña ha cambiado. Inicia sesión con la nueva.',
  profile_saved: 'Guardado.',
  email_link_sent:
    'Si la dirección se puede usar, le llegará un enlace. Ábrelo en este navegador para demostrar que es tuya.',
  email_change_cancelled: 'Se ha cancelado el cambio. Su enlace ya no sirve.',
  email_changed: 'Tu correo ha cambiado.',
  email_restored: 'Tu correo anterior ha vuelto y se han cerrado todas las sesiones. Inicia sesión con él.',
  recovery_address_added: 'Se ha añadido el correo de recuperación.',
  recovery_address_removed: 'Se ha quitado el correo de recuperación.',
  factor_restored:
    'Vuelve a valer lo que tenías antes y se han cerrado todas las sesiones. Inicia sesión con ello.',
  session_ended: 'Esa sesión se ha cerrado.',
  sessions_ended: 'Se ha cerrado tu sesión en todos los demás sitios.',
  security_frozen: 'La sesión se ha cerrado y los cambios de seguridad quedan en pausa durante 24 horas.',
  security_frozen_factor:
    'La sesión se ha cerrado, el método añadido queda suspendido y los cambios de seguridad quedan en pausa durante 24 horas.',
  person_invited: 'La invitación está en camino.',
  recovery_proposed: 'Propuesto. Otro administrador podrá refrendarlo cuando termine el tiempo de espera.',
  recovery_proposed_alone: 'Propuesto. Podrás aprobarlo tú cuando termine el tiempo de espera.',
  recovery_approved: 'El pase temporal está en camino. Sirve una vez, durante una hora.',
  recovery_refused: 'La solicitud se ha rechazado. La persona recibe un correo.',
  app_created: 'La aplicación ya existe. Sube su primera compilación.',
  app_saved: 'Guardado.',
  app_deleted: 'La aplicación está eliminada.',
  build_uploaded: 'La compilación está subida. Nadie la ve antes de que la publiques.',
  build_published: 'Está publicada.',
  build_withdrawn: 'Está retirada.',
  build_deleted: 'La compilación está eliminada.',
  signed_out: 'Has cerrado la sesión.',
  invitation_accepted: 'Tu cuenta está lista. Inicia sesión con tu nueva contraseña.',
};

export const linkTexts: Partial<Record<NoticeCode, string>> = {
  key_added: 'Si no, crea otros.',
};
