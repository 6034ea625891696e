// The story of one case by Camunda's npm client, unchanged. Input: JSON on stdin; output: one JSON line of what was seen.
import { readFileSync } from 'node:fs';
import createCamundaClient from '@camunda8/orchestration-cluster-api';

const given = JSON.parse(readFileSync(0, 'utf8'));

function client(name) {
  return createCamundaClient({
    config: {
      CAMUNDA_REST_ADDRESS: given.url,
      CAMUNDA_AUTH_STRATEGY: 'BASIC',
      CAMUNDA_BASIC_AUTH_USERNAME: name,
      CAMUNDA_BASIC_AUTH_PASSWORD: given.tokens[name],
      CAMUNDA_SDK_VALIDATION: 'req:strict,res:strict',
      CAMUNDA_SDK_LOG_LEVEL: 'error',
    },
  });
}

const now = { consistency: { waitUpToMs: 0 } };
const [du, robot, zhao] = ['du', 'robot', 'zhao'].map(client);
const seen = {};

seen.clusterSize = (await robot.getTopology()).clusterSize;
const deployed = await du.deployResourcesFromFiles([given.file]);
seen.deployed = deployed.processes[0].processDefinitionId;
const order = { processDefinitionId: given.processId, variables: { amount: 5 } };
const { processInstanceKey } = await robot.createProcessInstance(order);

const job = await new Promise((resolve, reject) => {
  const worker = robot.createJobWorker({
    jobType: `work-${given.processId}`,
    workerName: 'node',
    maxParallelJobs: 1,
    jobTimeoutMs: 30_000,
    pollIntervalMs: 50,
    jobHandler: async (handed) => {
      const receipt = await handed.complete({ checked: true });
      worker.stop();
      resolve(handed);
      return receipt;
    },
  });
  setTimeout(() => reject(new Error('no job came')), 60_000).unref();
});
seen.job = { variables: job.variables, headers: job.customHeaders };

const tasks = await zhao.searchUserTasks({ filter: { processInstanceKey } }, now);
seen.task = tasks.items[0].name;
const { userTaskKey } = tasks.items[0];
await zhao.assignUserTask({ userTaskKey, assignee: 'zhao' });
await zhao.completeUserTask({ userTaskKey });
seen.state = (await robot.getProcessInstance({ processInstanceKey }, now)).state;
const known = await robot.searchProcessDefinitions({ filter: { processDefinitionId: given.processId } }, now);
seen.versions = known.items.map((item) => item.version);
try {
  await robot.getProcessInstance({ processInstanceKey: '999999999' }, now);
} catch (problem) {
  seen.unknown = problem.status;
}
console.log(JSON.stringify(seen));
process.exit(0);
