extension NetworkSamples {
    static let version2: [Sample] = [
        Sample(
            name: "version 2, Ethernet",
            text: """
                network:
                  version: 2
                  renderer: NetworkManager
                  ethernets:
                    eno1:
                      match: {macaddress: "52:54:00:AB:cd:ef", driver: virtio_net}
                      set-name: lan0
                      wakeonlan: true
                      dhcp4: true
                      dhcp6: no
                      dhcp4-overrides: {use-dns: false, route-metric: 50, use-domains: route, hostname: box, send-hostname: true}
                      accept-ra: false
                      addresses:
                        - 192.0.2.7/24: {label: "lan:1"}
                        - "2001:db8::7/64": {lifetime: 0}
                      gateway4: 192.0.2.1
                      gateway6: "2001:db8::1"
                      nameservers: {addresses: [192.0.2.53, "2001:db8::53"], search: [a.example, b.example]}
                      mtu: 9000
                      routes:
                        - {to: default, via: 192.0.2.1, metric: 100, on-link: true}
                        - {to: 10.0.0.0/8, via: 192.0.2.9, table: 20, from: 192.0.2.7}
                        - {to: 198.51.100.0/24, type: blackhole}
                    any:
                      match: {name: "en*"}
                      dhcp6: true
                      dhcp6-overrides: {use-ntp: false, route-metric: 9}
                      dhcp-identifier: mac
                      optional: true
                      link-local: [ipv6]
                      macaddress: "52:54:00:00:00:01"
                      ipv6-privacy: true
                      ipv6-mtu: 1280
                      critical: true
                      activation-mode: manual
                """,
            files: """
                # 10-lifeboot-eno1.link
                [Match]
                PermanentMACAddress=52:54:00:ab:cd:ef
                Driver=virtio_net

                [Link]
                Name=lan0
                MACAddressPolicy=persistent
                WakeOnLan=magic

                # 10-lifeboot-eno1.network
                [Match]
                PermanentMACAddress=52:54:00:ab:cd:ef
                Driver=virtio_net

                [Link]
                MTUBytes=9000

                [Network]
                DHCP=ipv4
                IPv6AcceptRA=no
                DNS=192.0.2.53
                DNS=2001:db8::53
                Domains=a.example b.example

                [DHCPv4]
                UseDNS=no
                RouteMetric=50
                UseDomains=route
                Hostname=box
                SendHostname=yes

                [Address]
                Address=192.0.2.7/24
                Label=lan:1

                [Address]
                Address=2001:db8::7/64
                PreferredLifetime=0

                [Route]
                Destination=0.0.0.0/0
                Gateway=192.0.2.1

                [Route]
                Destination=::/0
                Gateway=2001:db8::1

                [Route]
                Destination=0.0.0.0/0
                Gateway=192.0.2.1
                Metric=100
                GatewayOnLink=yes

                [Route]
                Destination=10.0.0.0/8
                Gateway=192.0.2.9
                Table=20
                PreferredSource=192.0.2.7

                [Route]
                Destination=198.51.100.0/24
                Type=blackhole

                # 10-lifeboot-any.network
                [Match]
                Name=en*

                [Link]
                MACAddress=52:54:00:00:00:01
                RequiredForOnline=no
                ActivationPolicy=manual

                [Network]
                DHCP=ipv6
                LinkLocalAddressing=ipv6
                IPv6PrivacyExtensions=yes
                IPv6MTUBytes=1280
                KeepConfiguration=yes

                [DHCPv6]
                UseNTP=no

                [IPv6AcceptRA]
                RouteMetric=9

                [DHCPv4]
                ClientIdentifier=mac

                """,
            remarks: [
                "renderer 'NetworkManager' is not supported; systemd-networkd is used"
            ]),
        Sample(
            name: "version 2, bonds, bridges and VLANs",
            text: """
                version: 2
                ethernets:
                  eth0: {}
                  eth1: {wakeonlan: false}
                bonds:
                  bond0:
                    interfaces: [eth0, eth1]
                    macaddress: "52:54:00:00:00:02"
                    parameters:
                      {mode: active-backup, lacp-rate: slow, mii-monitor-interval: 1s, min-links: 1, transmit-hash-policy: layer3+4, ad-select: count, all-members-active: true, arp-interval: 10, arp-ip-targets: [192.0.2.1, 192.0.2.2], arp-validate: all, arp-all-targets: any, up-delay: 100, down-delay: 200, fail-over-mac-policy: active, gratuitious-arp: 2, packets-per-member: 1, primary-reselect-policy: always, resend-igmp: 1, learn-packet-interval: 2, primary: eth1}
                    addresses: [192.0.2.7/24]
                bridges:
                  br0:
                    interfaces: [tap0, vlan7]
                    parameters: {ageing-time: 50, priority: 20, forward-delay: 12, hello-time: 6, max-age: 24, stp: false, path-cost: {tap0: 70, eth9: 5}, port-priority: {vlan7: 14}}
                    dhcp4: true
                vlans:
                  vlan7: {id: 7, link: bond0, mtu: 1400}
                  vlan8: {id: 8, link: bond0, dhcp4: true}
                  vlan9: {id: 9}
                """,
            files: """
                # 10-lifeboot-eth0.network
                [Match]
                Name=eth0

                [Network]
                DHCP=no
                LinkLocalAddressing=no
                Bond=bond0

                # 10-lifeboot-eth1.link
                [Match]
                OriginalName=eth1

                [Link]
                NamePolicy=keep kernel database onboard slot path
                AlternativeNamesPolicy=database onboard slot path
                MACAddressPolicy=persistent
                WakeOnLan=off

                # 10-lifeboot-eth1.network
                [Match]
                Name=eth1

                [Network]
                DHCP=no
                LinkLocalAddressing=no
                Bond=bond0
                PrimarySlave=yes

                # 10-lifeboot-bond0.netdev
                [NetDev]
                Name=bond0
                Kind=bond
                MACAddress=52:54:00:00:00:02

                [Bond]
                Mode=active-backup
                LACPTransmitRate=slow
                MIIMonitorSec=1s
                MinLinks=1
                TransmitHashPolicy=layer3+4
                AdSelect=count
                AllSlavesActive=yes
                ARPIntervalSec=10ms
                ARPIPTargets=192.0.2.1 192.0.2.2
                ARPValidate=all
                ARPAllTargets=any
                UpDelaySec=100ms
                DownDelaySec=200ms
                FailOverMACPolicy=active
                GratuitousARP=2
                PacketsPerSlave=1
                PrimaryReselectPolicy=always
                ResendIGMP=1
                LearnPacketIntervalSec=2s

                # 10-lifeboot-bond0.network
                [Match]
                Name=bond0

                [Network]
                DHCP=no
                VLAN=vlan7
                VLAN=vlan8

                [Address]
                Address=192.0.2.7/24

                # 10-lifeboot-br0.netdev
                [NetDev]
                Name=br0
                Kind=bridge

                [Bridge]
                AgeingTimeSec=50s
                Priority=20
                ForwardDelaySec=12s
                HelloTimeSec=6s
                MaxAgeSec=24s
                STP=no

                # 10-lifeboot-br0.network
                [Match]
                Name=br0

                [Network]
                DHCP=ipv4

                # 10-lifeboot-vlan7.netdev
                [NetDev]
                Name=vlan7
                Kind=vlan

                [VLAN]
                Id=7

                # 10-lifeboot-vlan7.network
                [Match]
                Name=vlan7

                [Link]
                MTUBytes=1400

                [Network]
                DHCP=no
                LinkLocalAddressing=no
                Bridge=br0

                [Bridge]
                Priority=14

                # 10-lifeboot-vlan8.netdev
                [NetDev]
                Name=vlan8
                Kind=vlan

                [VLAN]
                Id=8

                # 10-lifeboot-vlan8.network
                [Match]
                Name=vlan8

                [Network]
                DHCP=ipv4

                # 10-lifeboot-tap0.network
                [Match]
                Name=tap0

                [Network]
                DHCP=no
                LinkLocalAddressing=no
                Bridge=br0

                [Bridge]
                Cost=70

                """,
            remarks: [
                "the VLAN 'vlan9' needs id and link, and is left out",
                "'tap0' is not described; the interface of that name is taken",
                "'eth9' is no member of 'br0', so its settings are left out",
            ]),
    ]
}
