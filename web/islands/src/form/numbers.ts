/**
 * Amounts as offices write them: thousands separators, full-width digits, a currency sign. form-js takes a comma for a
 * decimal point, so that 12,500 would become 12.5; here the text is made plain before form-js sees it.
 */

/** The plain number that was meant; what is no number stays as it is, for form-js to complain about. */
export function plainNumber(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/。/g, '.')
    .replace(/[,、\s_¥元]/g, '');
}

function makePlain(input: HTMLInputElement): void {
  const plain = plainNumber(input.value);
  if (plain === input.value) return;
  const before = plainNumber(input.value.slice(0, input.selectionStart ?? input.value.length)).length;
  input.value = plain;
  input.setSelectionRange(before, before);
}

const numberInput = (event: Event): HTMLInputElement | null => {
  const target = event.target;
  return target instanceof HTMLInputElement && target.closest('.fjs-form-field-number') ? target : null;
};

/** Listens before form-js does. While an input method composes, form-js hears nothing: it would write NaN between. */
export function readAmounts(box: HTMLElement): void {
  box.addEventListener(
    'input',
    (event) => {
      const input = numberInput(event);
      if (!input) return;
      if ((event as InputEvent).isComposing) event.stopPropagation();
      else makePlain(input);
    },
    { capture: true },
  );
  box.addEventListener(
    'compositionend',
    (event) => numberInput(event)?.dispatchEvent(new Event('input', { bubbles: true })),
    { capture: true },
  );
}
