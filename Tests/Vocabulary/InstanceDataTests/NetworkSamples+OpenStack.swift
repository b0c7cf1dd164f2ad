extension NetworkSamples {
    static let openStack: [Sample] = [
        Sample(
            name: "OpenStack",
            text: """
                {"links": [
                  {"id": "tap1", "type": "vif", "ethernet_mac_address": "FA:16:3E:00:00:01", "mtu": 1450, "vif_id": "x"},
                  {"id": "tap2", "type": "phy", "ethernet_mac_address": "fa:16:3e:00:00:02", "mtu": null},
                  {"id": "b", "type": "bond", "bond_links": ["tap1", "tap2"], "bond_mode": "802.3ad", "bond_miimon": 100,
                   "bond_xmit_hash_policy": "layer3+4", "ethernet_mac_address": "fa:16:3e:00:00:03"},
                  {"id": "v", "type": "vlan", "vlan_id": 101, "vlan_link": "b", "vlan_mac_address": "fa:16:3e:00:00:04"},
                  {"id": "tap5", "type": "ovs", "ethernet_mac_address": "fa:16:3e:00:00:05", "odd": 1},
                  {"id": "tap6", "type": "phy"}],
                 "networks": [
                  {"id": "n0", "type": "ipv4_dhcp", "link": "tap5", "network_id": "u"},
                  {"id": "n1", "type": "ipv4", "link": "v", "ip_address": "192.0.2.7", "netmask": "255.255.255.0",
                   "routes": [{"network": "0.0.0.0", "netmask": "0.0.0.0", "gateway": "192.0.2.1"}],
                   "services": [{"type": "dns", "address": "192.0.2.53"}]},
                  {"id": "n2", "type": "ipv6", "link": "v", "ip_address": "2001:db8::7", "netmask": "ffff:ffff:ffff:ffff::",
                   "gateway": "2001:db8::1"},
                  {"id": "n3", "type": "ipv4_dhcp", "link": "gone"}],
                 "services": [{"type": "dns", "address": "192.0.2.54"}]}
                """,
            files: """
                # 10-lifeboot-tap1.network
                [Match]
                PermanentMACAddress=fa:16:3e:00:00:01

                [Link]
                MTUBytes=1450

                [Network]
                DHCP=no
                LinkLocalAddressing=no
                Bond=bond0

                # 10-lifeboot-tap2.network
                [Match]
                PermanentMACAddress=fa:16:3e:00:00:02

                [Network]
                DHCP=no
                LinkLocalAddressing=no
                Bond=bond0

                # 10-lifeboot-bond0.netdev
                [NetDev]
                Name=bond0
                Kind=bond
                MACAddress=fa:16:3e:00:00:03

                [Bond]
                Mode=802.3ad
                MIIMonitorSec=100ms
                TransmitHashPolicy=layer3+4

                # 10-lifeboot-bond0.network
                [Match]
                Name=bond0

                [Network]
                DHCP=no
                DNS=192.0.2.54
                VLAN=vlan101

                # 10-lifeboot-vlan101.netdev
                [NetDev]
                Name=vlan101
                Kind=vlan
                MACAddress=fa:16:3e:00:00:04

                [VLAN]
                Id=101

                # 10-lifeboot-vlan101.network
                [Match]
                Name=vlan101

                [Network]
                DHCP=no
                IPv6AcceptRA=no
                DNS=192.0.2.53
                DNS=192.0.2.54

                [Address]
                Address=192.0.2.7/24

                [Address]
                Address=2001:db8::7/64

                [Route]
                Destination=0.0.0.0/0
                Gateway=192.0.2.1

                [Route]
                Destination=::/0
                Gateway=2001:db8::1

                # 10-lifeboot-tap5.network
                [Match]
                PermanentMACAddress=fa:16:3e:00:00:05

                [Network]
                DHCP=ipv4
                DNS=192.0.2.54

                """,
            remarks: [
                "unknown key 'odd'; known are id, name, type, mtu, ethernet_mac_address, vlan_mac_address, vif_id, bond_links, vlan_id, vlan_link",
                "a link needs an id and a hardware address, and is left out",
                "the network is on no link of the document, and is left out",
            ])
    ]
}
