declare module 'flatpickr/dist/l10n/zh.js' {
  import type { CustomLocale } from 'flatpickr/dist/types/locale';
  export const Mandarin: CustomLocale;
}
declare module 'diagram-js/lib/features/editor-actions' {
  const module: import('diagram-js/lib/Diagram').ModuleDeclaration;
  export default module;
}

/* Libraries of bpmn.io without types. */
declare module 'bpmn-js-token-simulation';
declare module 'bpmn-js-create-append-anything';
declare module 'bpmn-js-properties-panel';
declare module 'camunda-bpmn-js-behaviors/lib/camunda-cloud';
declare module 'diagram-js-grid';
declare module 'diagram-js-minimap';
declare module 'bpmn-js-i18n-zh';
declare module 'dmn-js/lib/Modeler';
declare module '@bpmn-io/form-js-editor';
declare module '@bpmn-io/properties-panel' {
  export const CheckboxEntry: unknown, Group: unknown, ListGroup: unknown, SelectEntry: unknown, TextAreaEntry: unknown, TextFieldEntry: unknown;
  export const isCheckboxEntryEdited: unknown, isSelectEntryEdited: unknown, isTextAreaEntryEdited: unknown, isTextFieldEntryEdited: unknown;
}
