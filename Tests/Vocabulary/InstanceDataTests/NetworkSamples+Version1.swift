extension NetworkSamples {
    static let version1: [Sample] = [
        Sample(
            name: "version 1, all kinds of items",
            text: """
                version: 1
                config:
                  - type: physical
                    name: eth0
                    mac_address: "52:54:00:12:34:00"
                    mtu: 1400
                    subnets:
                      - {type: dhcp4, metric: 7}
                      - {type: static, address: 192.0.2.7, netmask: 255.255.255.0, gateway: 192.0.2.1, dns_nameservers: [192.0.2.2, 192.0.2.3], dns_search: a.example b.example, routes: [{network: 10.0.0.0, netmask: 255.0.0.0, gateway: 192.0.2.9}]}
                      - {type: static6, address: "2001:db8::7/64", gateway: "2001:db8::1"}
                  - {type: physical, name: eth1, wakeonlan: true, subnets: [{type: manual, control: manual}]}
                  - {type: physical, name: eth2}
                  - type: bond
                    name: bond0
                    mac_address: "52:54:00:12:34:0b"
                    bond_interfaces: [eth1, eth2]
                    params: {bond-mode: 4, bond_miimon: 100, bond-lacp-rate: fast, bond-primary: eth1}
                    subnets: [{type: dhcp6}]
                  - type: bridge
                    name: br0
                    bridge_interfaces: [bond0]
                    params: {bridge_stp: "off", bridge_fd: 4, bridge_pathcost: [bond0 50], bridge_maxwait: 0}
                    subnets: [{type: ipv6_slaac}]
                  - {type: vlan, name: eth0.7, vlan_id: 7, vlan_link: eth0, subnets: [{type: dhcp}]}
                  - {type: nameserver, address: [192.0.2.53], search: [c.example]}
                  - {type: nameserver, interface: br0, address: 192.0.2.54}
                  - {type: route, destination: 203.0.113.0/24, gateway: 192.0.2.8, metric: 3}
                  - {type: infiniband, name: ib0}
                """,
            files: """
                # 10-lifeboot-eth0.link
                [Match]
                PermanentMACAddress=52:54:00:12:34:00

                [Link]
                Name=eth0
                MACAddressPolicy=persistent

                # 10-lifeboot-eth0.network
                [Match]
                PermanentMACAddress=52:54:00:12:34:00

                [Link]
                MTUBytes=1400

                [Network]
                DHCP=ipv4
                DNS=192.0.2.2
                DNS=192.0.2.3
                DNS=192.0.2.53
                Domains=a.example b.example c.example
                VLAN=eth0.7

                [DHCPv4]
                RouteMetric=7

                [Address]
                Address=192.0.2.7/24

                [Address]
                Address=2001:db8::7/64

                [Route]
                Destination=0.0.0.0/0
                Gateway=192.0.2.1

                [Route]
                Destination=10.0.0.0/8
                Gateway=192.0.2.9

                [Route]
                Destination=::/0
                Gateway=2001:db8::1

                [Route]
                Destination=203.0.113.0/24
                Gateway=192.0.2.8
                Metric=3

                # 10-lifeboot-eth1.link
                [Match]
                OriginalName=eth1

                [Link]
                NamePolicy=keep kernel database onboard slot path
                AlternativeNamesPolicy=database onboard slot path
                MACAddressPolicy=persistent
                WakeOnLan=magic

                # 10-lifeboot-eth1.network
                [Match]
                Name=eth1

                [Link]
                ActivationPolicy=manual

                [Network]
                DHCP=no
                LinkLocalAddressing=no
                Bond=bond0
                PrimarySlave=yes

                # 10-lifeboot-eth2.network
                [Match]
                Name=eth2

                [Network]
                DHCP=no
                LinkLocalAddressing=no
                Bond=bond0

                # 10-lifeboot-bond0.netdev
                [NetDev]
                Name=bond0
                Kind=bond
                MACAddress=52:54:00:12:34:0b

                [Bond]
                Mode=802.3ad
                MIIMonitorSec=100ms
                LACPTransmitRate=fast

                # 10-lifeboot-bond0.network
                [Match]
                Name=bond0

                [Network]
                DHCP=no
                LinkLocalAddressing=no
                Bridge=br0

                [Bridge]
                Cost=50

                # 10-lifeboot-br0.netdev
                [NetDev]
                Name=br0
                Kind=bridge

                [Bridge]
                STP=no
                ForwardDelaySec=4s

                # 10-lifeboot-br0.network
                [Match]
                Name=br0

                [Network]
                DHCP=no
                IPv6AcceptRA=yes
                DNS=192.0.2.53
                DNS=192.0.2.54
                Domains=c.example

                # 10-lifeboot-eth0.7.netdev
                [NetDev]
                Name=eth0.7
                Kind=vlan

                [VLAN]
                Id=7

                # 10-lifeboot-eth0.7.network
                [Match]
                Name=eth0.7

                [Network]
                DHCP=ipv4
                DNS=192.0.2.53
                Domains=c.example

                """,
            remarks: [
                "unknown key 'bridge-maxwait'; known are ageing-time, bridge-ageing, priority, bridge-bridgeprio, forward-delay, bridge-fd, hello-time, bridge-hello, max-age, bridge-maxage, stp, bridge-stp",
                "an item of type 'infiniband' is not supported, and is left out",
                "DHCPv6 needs a link-local address, and 'bond0' gets none; it is left out",
            ])
    ]
}
