"""Which IP addresses are on the public internet, and which belong to this machine, its network or its host's owner."""

import functools
import ipaddress
from collections.abc import Iterable

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# Written out, because what `ipaddress` calls global depends on the Python (IANA's special-purpose registries).
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",  # this network; 0.0.0.0 is this machine
        "10.0.0.0/8",
        "100.64.0.0/10",  # carriers' own; a metadata service at one host
        "127.0.0.0/8",
        "168.63.129.16/32",  # a public address that answers only inside one host: its machines' control
        "169.254.0.0/16",  # link-local: where clouds keep their metadata
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",  # multicast, reserved, broadcast
        "2001::/23",  # protocols' own, Teredo among them
        "2001:db8::/32",
        "3fff::/20",
    )
)
_UNICAST6 = ipaddress.ip_network("2000::/3")  # all of IPv6 that is given out
_CARRIES_IPV4 = {  # network -> how far from the right an IPv4 address lies in it
    ipaddress.ip_network("::ffff:0:0/96"): 0,
    ipaddress.ip_network("64:ff9b::/96"): 0,  # NAT64: how a machine without IPv4 reaches it
    ipaddress.ip_network("2002::/16"): 80,  # 6to4
}


def is_public(address: str) -> bool:
    """Whether anybody on the internet could mean the same machine by it. Raises ValueError for no address."""
    found = _carried(ipaddress.ip_address(address.partition("%")[0]))
    if found.version == 6 and found not in _UNICAST6:
        return False
    return not any(found in network for network in _NOT_PUBLIC)


def is_in(address: str, networks: Iterable[Network]) -> bool:
    """Whether an address, or the IPv4 address it carries, lies in one of these."""
    plain = ipaddress.ip_address(address.partition("%")[0])
    return any(one in network for network in networks for one in (plain, _carried(plain)))


@functools.lru_cache(maxsize=1024)
def _carried(address: Address) -> Address:
    """The IPv4 address inside an IPv6 one, where that is what would be reached."""
    for network, shift in _CARRIES_IPV4.items():
        if address in network:
            return ipaddress.IPv4Address(int(address) >> shift & 0xFFFF_FFFF)
    return address
