/** What the fold asks of a model: where flows lead, what hangs on what, what contains what. Read from the BPMN file. */

export interface Graph {
  /** Sequence flow → the element that it leads to. */
  target: Map<string, string>;
  /** Boundary event → the activity that it hangs on. */
  host: Map<string, string>;
  /** Element → the subprocess around it; missing at the top of the process. */
  around: Map<string, string>;
}

export function emptyGraph(): Graph {
  return { target: new Map(), host: new Map(), around: new Map() };
}

export function graphOf(document: Document): Graph {
  const graph = emptyGraph();
  for (const node of document.getElementsByTagNameNS('http://www.omg.org/spec/BPMN/20100524/MODEL', '*')) {
    const id = node.getAttribute('id');
    if (!id) continue;
    const target = node.getAttribute('targetRef');
    if (node.localName === 'sequenceFlow' && target) graph.target.set(id, target);
    const host = node.getAttribute('attachedToRef');
    if (host) graph.host.set(id, host);
    const parent = node.parentElement;
    if (parent && /^(subProcess|transaction|adHocSubProcess)$/.test(parent.localName)) graph.around.set(id, parent.getAttribute('id') ?? '');
  }
  return graph;
}
