/** form-js in Chinese: its translate service, and the two texts that it writes without asking the service. */
import { chinese } from '../shared/page';
import { fill } from '../shared/texts';

const CHINESE: Record<string, string> = {
  'Add new': '新增一行',
  'All values selected': '已全部选择',
  'Click to remove sorting': '取消排序',
  'Click to sort by {value} ascending': '按{value}升序',
  'Click to sort by {value} descending': '按{value}降序',
  Collapse: '收起',
  'Date and time must both be entered.': '日期和时间都必须填写。',
  Decrement: '减',
  Increment: '加',
  'Document reference is not defined.': '未指定文档。',
  'Download {fileName}': '下载 {fileName}',
  'Expand all ({value})': '展开全部（{value}）',
  'Field is required.': '此项必填。',
  'Field must be a valid email.': '请输入有效的电子邮箱。',
  'Field must be a valid international phone number. (e.g. +4930664040900)': '请输入有效的电话号码（如 +8613800000000）。',
  'Field must have maximum length of {value}.': '最多 {value} 个字符。',
  'Field must have minimum length of {value}.': '至少 {value} 个字符。',
  'Field must have maximum value of {value}.': '不得大于 {value}。',
  'Field must have minimum value of {value}.': '不得小于 {value}。',
  'Field must match pattern {value}.': '格式不符（{value}）。',
  'Max validation value is not a valid number.': '表单设置有误：最大值不是数字。',
  'Min validation value is not a valid number.': '表单设置有误：最小值不是数字。',
  'Next page': '下一页',
  'Previous page': '上一页',
  'No content to show.': '无内容。',
  'No files selected': '未选择文件',
  'No results': '无匹配项',
  'Nothing to show.': '暂无数据',
  'Please select a valid value, the two nearest valid values are {previousValue} and {nextValue}.':
    '请输入有效值，最接近的为 {previousValue} 和 {nextValue}。',
  'Remove tag': '移除',
  Search: '搜索',
  'Skip to search': '跳到搜索',
  'Unable to download document': '下载失败',
  'Value is expected to be an integer.': '应为整数。',
  'Value is expected to have at most 1 decimal digit.': '最多 1 位小数。',
  'Value is expected to have at most {value} decimal digits.': '最多 {value} 位小数。',
  'Value is not a number.': '不是数字。',
  '{page} of {total}': '第 {page}/{total} 页',
  '{value} files selected': '已选 {value} 个文件',
  "External content couldn't be loaded.": '外部内容无法加载。',
};

const HARD_CODED: Record<string, string> = { Select: '请选择', Browse: '选择文件' };
const REMOVE_ROW = /^Remove list item (\d+)$/;
const PLACEHOLDERS: Record<string, string> = { 'yyyy/mm/dd': '年/月/日', 'mm/dd/yyyy': '月/日/年', 'hh:mm': '时:分' };

export const missing = new Set<string>();

function translate(template: string, replacements: Record<string, string> = {}): string {
  if (!chinese()) return fill(template, replacements);
  if (!(template in CHINESE)) missing.add(template);
  return fill(CHINESE[template] ?? template, replacements);
}

export const translateModule = { translate: ['value', translate] };

function translateNow(root: HTMLElement): void {
  root.querySelectorAll('.fjs-select-placeholder, .fjs-filepicker-container button, .fjs-select-display span').forEach((element) => {
    const found = element.childElementCount === 0 ? HARD_CODED[element.textContent ?? ''] : undefined;
    if (found && element.firstChild) element.firstChild.nodeValue = found;
  });
  root.querySelectorAll<HTMLElement>('.fjs-repeat-row-remove[aria-label]').forEach((button) => {
    const row = REMOVE_ROW.exec(button.getAttribute('aria-label') ?? '')?.[1];
    if (row) button.setAttribute('aria-label', `删除第 ${row} 行`);
  });
  root.querySelectorAll<HTMLInputElement>('input[placeholder]').forEach((input) => {
    const found = PLACEHOLDERS[input.placeholder.toLowerCase()];
    if (found) input.placeholder = found;
  });
}

export function translateHardCoded(root: HTMLElement): void {
  if (!chinese()) return;
  new MutationObserver(() => translateNow(root)).observe(root, { childList: true, subtree: true, characterData: true });
  translateNow(root);
}
