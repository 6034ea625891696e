/** Texts that islands show themselves. Pages and problems are translated by the server. */
import { chinese } from './page';

const CHINESE = {
  'draft.saving': '正在保存…',
  'draft.saved': '草稿已保存 {time}',
  'draft.failed': '保存失败，将自动重试',
  'draft.session': '登录已失效，内容暂存在本机',
  'draft.conflict': '另一窗口已保存过，请选择保留哪一份',
  'draft.restored': '已恢复上次未保存的内容',
  'draft.refused': '草稿无法保存，请修改内容',
  'draft.changed': '有未保存的修改',
  'form.errors': '请更正 {count} 处填写问题后再提交。',
  'form.failed': '表单无法加载，请刷新页面重试。',
  'upload.running': '正在上传 {name}',
  'upload.failed': '{name}：上传失败，请检查网络后重试',
  'upload.close': '关闭',
  'upload.too_large': '{name}：超过 {limit} MB，没有上传。请压缩或分成几份后再传。',
  'outcome.missing': '请先选择办理结果。',
  'diagram.failed': '流程图无法加载。办理过程列表包含同样的信息。',
  'diagram.label': '流程图，可用 Ctrl 加方向键移动，Ctrl 加加号或减号缩放',
  'diagram.in': '放大',
  'diagram.out': '缩小',
  'diagram.fit': '适应窗口',
  'diagram.done': '已完成',
  'diagram.current': '办理中',
  'diagram.visits': '经过 {count} 次',
  'diagram.incident': '异常',
  'diagram.incidents': '{count} 处异常，办件停在这里',
  'risk.low': '低风险',
  'risk.medium': '中风险',
  'risk.high': '高风险',
  'risk.critical': '重大风险',
  'copy.done': '已复制',
  'request.failed': '请求失败，请稍后重试。',
  'request.unreachable': '暂时连不上服务器，没有提交。填写的内容都在本页，请稍后再提交。',
} as const;

export type TextId = keyof typeof CHINESE;

const ENGLISH: Record<TextId, string> = {
  'draft.saving': 'Saving…',
  'draft.saved': 'Draft saved {time}',
  'draft.failed': 'Not saved; trying again',
  'draft.session': 'Session ended; kept on this computer',
  'draft.conflict': 'Saved in another window; choose which one to keep',
  'draft.restored': 'What had not been saved was restored',
  'draft.refused': 'The draft cannot be saved; please change it',
  'draft.changed': 'Unsaved changes',
  'form.errors': 'Please correct what is marked ({count}), then submit again.',
  'form.failed': 'The form could not be loaded. Please load the page again.',
  'upload.running': 'Uploading {name}',
  'upload.failed': '{name}: upload failed, check the network and try again',
  'upload.close': 'Dismiss',
  'upload.too_large': '{name}: larger than {limit} MB, so it was not uploaded. Compress it, or split it into parts.',
  'outcome.missing': 'Choose the outcome first.',
  'diagram.failed': 'The diagram could not be loaded. The history lists the same information.',
  'diagram.label': 'Process diagram; Ctrl with arrow keys moves, Ctrl with plus or minus zooms',
  'diagram.in': 'Zoom in',
  'diagram.out': 'Zoom out',
  'diagram.fit': 'Fit',
  'diagram.done': 'Done',
  'diagram.current': 'Being handled',
  'diagram.visits': 'visited {count} times',
  'diagram.incident': 'Incident',
  'diagram.incidents': '{count} incidents; the case cannot go on here',
  'risk.low': 'Low risk',
  'risk.medium': 'Medium risk',
  'risk.high': 'High risk',
  'risk.critical': 'Critical risk',
  'copy.done': 'Copied',
  'request.failed': 'The request failed. Please try again later.',
  'request.unreachable': 'The server cannot be reached, so nothing was sent. What you filled in is still here; submit again in a moment.',
};

export function fill(template: string, values: Record<string, string | number> = {}): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

export function text(id: TextId, values?: Record<string, string | number>): string {
  return fill((chinese() ? CHINESE : ENGLISH)[id], values);
}
