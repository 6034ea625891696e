// Records viewer-2.0.0.json's submissions: in a folder with @bpmn-io/form-js-viewer@2.0.0 and jsdom@26, reads cases.json
// ([{schema, data}, …]), writes out.json ([{data, errors}, …]). Under Node the viewer's lodash imports need ".js".
import { JSDOM } from 'jsdom'; import fs from 'fs';
const dom=new JSDOM('<!doctype html><body><div id=c></div></body>',{pretendToBeVisual:true});
for (const k of Object.getOwnPropertyNames(dom.window)) if(!(k in globalThis)) try{globalThis[k]=dom.window[k]}catch{}
globalThis.window=dom.window; globalThis.document=dom.window.document;
globalThis.ResizeObserver=class{observe(){}disconnect(){}unobserve(){}}; dom.window.ResizeObserver=globalThis.ResizeObserver;
const { Form }=await import('@bpmn-io/form-js-viewer');
const cases=JSON.parse(fs.readFileSync('cases.json')); const out=[];
const tick=()=>new Promise(r=>setTimeout(r,40));
for(const c of cases){
  const el=document.createElement('div');document.body.appendChild(el);
  const form=new Form({container:el,debounce:false});
  await form.importSchema(c.schema,c.data); await tick(); await tick();
  const r=form.submit(); await tick();
  out.push({data:r.data,errors:r.errors}); form.destroy(); el.remove();
}
fs.writeFileSync('out.json',JSON.stringify(out)); process.exit(0);
