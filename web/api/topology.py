"""GET /v2/topology: what Camunda's clients ask first, to see whether anybody is there."""

from typing import Any

from engine import __version__
from web.api.parsing import ApiBlueprint
from web.auth import signed_in

blueprint = ApiBlueprint("api_topology", __name__, url_prefix="/v2", description="The cluster")


@blueprint.on("GET", "/topology")
@signed_in
def show() -> dict[str, Any]:
    """One broker with one partition: PostgreSQL orders the work, so there is nothing to shard."""
    partition = {"partitionId": 1, "role": "leader", "health": "healthy", "state": "active"}
    broker = {"nodeId": 0, "brokerId": "0", "host": "localhost", "port": 0, "version": __version__}
    return {
        "brokers": [broker | {"partitions": [partition]}],
        "clusterId": "mingjing",
        "clusterSize": 1,
        "partitionsCount": 1,
        "replicationFactor": 1,
        "gatewayVersion": __version__,
        "lastCompletedChangeId": "-1",
    }
