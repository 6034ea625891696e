declare module 'flatpickr/dist/l10n/zh.js' {
  import type { CustomLocale } from 'flatpickr/dist/types/locale';
  export const Mandarin: CustomLocale;
}
declare module 'diagram-js/lib/features/editor-actions' {
  const module: import('diagram-js/lib/Diagram').ModuleDeclaration;
  export default module;
}
