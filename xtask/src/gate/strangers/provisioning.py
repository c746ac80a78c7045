"""SCIM, asked by scim2-tester: every check must pass, and none may be passed over."""

import sys
from collections import Counter

from httpx2 import Client
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server

url, token = sys.argv[1:3]
with Client(base_url=url, headers={"Authorization": f"Bearer {token}"}) as client:
    results = check_server(SyncSCIMClient(client))

sound = {Status.SUCCESS, Status.COMPLIANT, Status.ACCEPTABLE}
broken = [it for it in results if it.status not in sound]
for it in broken:
    print(f"{it.status.name} {it.resource_type} {it.title}: {it.reason}", file=sys.stderr)
counts = Counter(it.status.name.lower() for it in results)
print(", ".join(f"{count} {name}" for name, count in sorted(counts.items())))
# A tester that asked next to nothing has found nothing.
sys.exit(1 if broken or len(results) < 50 else 0)
