// Which key of a network configuration is which of systemd-networkd (systemd.network(5), systemd.netdev(5)).
// The second names are those of version 1, with '-' for '_'.

extension NetworkSetting {
    private static let metric: ClosedRange<Int> = 0...4_294_967_295

    /// Keys of `dhcp4-overrides`.
    static let dhcp4: [NetworkSetting] = [
        NetworkSetting("use-dns", "DHCPv4", "UseDNS", .truth),
        NetworkSetting("use-domains", "DHCPv4", "UseDomains", .truthOr("route")),
        NetworkSetting("use-hostname", "DHCPv4", "UseHostname", .truth),
        NetworkSetting("use-ntp", "DHCPv4", "UseNTP", .truth),
        NetworkSetting("use-mtu", "DHCPv4", "UseMTU", .truth),
        NetworkSetting("use-routes", "DHCPv4", "UseRoutes", .truth),
        NetworkSetting("send-hostname", "DHCPv4", "SendHostname", .truth),
        NetworkSetting("hostname", "DHCPv4", "Hostname", .name),
        NetworkSetting("route-metric", "DHCPv4", "RouteMetric", .number(metric)),
    ]

    /// Keys of `dhcp6-overrides`; the metric is that of the routes, which router advertisements bring.
    static let dhcp6: [NetworkSetting] = [
        NetworkSetting("use-dns", "DHCPv6", "UseDNS", .truth),
        NetworkSetting("use-domains", "DHCPv6", "UseDomains", .truthOr("route")),
        NetworkSetting("use-hostname", "DHCPv6", "UseHostname", .truth),
        NetworkSetting("use-ntp", "DHCPv6", "UseNTP", .truth),
        NetworkSetting("route-metric", "IPv6AcceptRA", "RouteMetric", .number(metric)),
    ]

    /// Keys of any interface of version 2.
    static let interface: [NetworkSetting] = [
        NetworkSetting("mtu", "Link", "MTUBytes", .number(68...65_535)),
        NetworkSetting("ipv6-mtu", "Network", "IPv6MTUBytes", .number(1280...65_535)),
        NetworkSetting("ipv6-privacy", "Network", "IPv6PrivacyExtensions", .truth),
        NetworkSetting("critical", "Network", "KeepConfiguration", .truth),
        NetworkSetting("dhcp-identifier", "DHCPv4", "ClientIdentifier", .word(["mac", "duid"])),
        NetworkSetting(
            "activation-mode", "Link", "ActivationPolicy", .word(["manual", "off"], ["off": "always-down"])),
    ]

    /// Keys of a route besides destination and gateway.
    static let route: [NetworkSetting] = [
        NetworkSetting("metric", "Route", "Metric", .number(metric)),
        NetworkSetting("on-link", "Route", "GatewayOnLink", .truth),
        NetworkSetting("table", "Route", "Table", .number(1...4_294_967_295)),
        NetworkSetting("scope", "Route", "Scope", .word(["global", "link", "host"])),
        NetworkSetting(
            "type", "Route", "Type", .word(["unicast", "local", "blackhole", "unreachable", "prohibit", "throw"])),
        NetworkSetting("from", "Route", "PreferredSource", .address),
        NetworkSetting("mtu", "Route", "MTUBytes", .number(68...65_535)),
    ]

    /// Words of `bond` for the numbers that the kernel has for modes.
    private static let modes = [
        "balance-rr", "active-backup", "balance-xor", "broadcast", "802.3ad", "balance-tlb", "balance-alb",
    ]

    private static func numbered(_ words: [String]) -> Form {
        let pairs = words.enumerated().map { (String($0.offset), $0.element) }
        return .word(words, Dictionary(pairs) { first, _ in first })
    }

    /// Parameters of a bond.
    static let bond: [NetworkSetting] = [
        NetworkSetting("mode bond-mode", "Bond", "Mode", numbered(modes)),
        NetworkSetting("lacp-rate bond-lacp-rate", "Bond", "LACPTransmitRate", numbered(["slow", "fast"])),
        NetworkSetting("mii-monitor-interval bond-miimon", "Bond", "MIIMonitorSec", .time("ms")),
        NetworkSetting("min-links bond-min-links", "Bond", "MinLinks", .number(0...65_535)),
        NetworkSetting(
            "transmit-hash-policy bond-xmit-hash-policy", "Bond", "TransmitHashPolicy",
            .word(["layer2", "layer3+4", "layer2+3", "encap2+3", "encap3+4", "vlan+srcmac"])),
        NetworkSetting("ad-select bond-ad-select", "Bond", "AdSelect", numbered(["stable", "bandwidth", "count"])),
        NetworkSetting(
            "all-members-active all-slaves-active bond-all-slaves-active", "Bond", "AllSlavesActive", .truth),
        NetworkSetting("arp-interval bond-arp-interval", "Bond", "ARPIntervalSec", .time("ms")),
        NetworkSetting("arp-ip-targets arp-ip-target bond-arp-ip-target", "Bond", "ARPIPTargets", .addresses),
        NetworkSetting(
            "arp-validate bond-arp-validate", "Bond", "ARPValidate", numbered(["none", "active", "backup", "all"])),
        NetworkSetting("arp-all-targets bond-arp-all-targets", "Bond", "ARPAllTargets", numbered(["any", "all"])),
        NetworkSetting("up-delay bond-updelay", "Bond", "UpDelaySec", .time("ms")),
        NetworkSetting("down-delay bond-downdelay", "Bond", "DownDelaySec", .time("ms")),
        NetworkSetting(
            "fail-over-mac-policy bond-fail-over-mac", "Bond", "FailOverMACPolicy",
            numbered(["none", "active", "follow"])),
        NetworkSetting(
            "gratuitous-arp gratuitious-arp bond-num-grat-arp", "Bond", "GratuitousARP", .number(0...255)),
        NetworkSetting(
            "packets-per-member packets-per-slave bond-packets-per-slave", "Bond", "PacketsPerSlave",
            .number(0...65_535)),
        NetworkSetting(
            "primary-reselect-policy bond-primary-reselect", "Bond", "PrimaryReselectPolicy",
            numbered(["always", "better", "failure"])),
        NetworkSetting("resend-igmp bond-resend-igmp", "Bond", "ResendIGMP", .number(0...255)),
        NetworkSetting("learn-packet-interval bond-lp-interval", "Bond", "LearnPacketIntervalSec", .time("s")),
    ]

    /// Parameters of a bridge.
    static let bridge: [NetworkSetting] = [
        NetworkSetting("ageing-time bridge-ageing", "Bridge", "AgeingTimeSec", .time("s")),
        NetworkSetting("priority bridge-bridgeprio", "Bridge", "Priority", .number(0...65_535)),
        NetworkSetting("forward-delay bridge-fd", "Bridge", "ForwardDelaySec", .time("s")),
        NetworkSetting("hello-time bridge-hello", "Bridge", "HelloTimeSec", .time("s")),
        NetworkSetting("max-age bridge-maxage", "Bridge", "MaxAgeSec", .time("s")),
        NetworkSetting("stp bridge-stp", "Bridge", "STP", .truth),
    ]

    /// Parameters of a bridge for one member each, with the range of their values.
    static let member: [NetworkSetting] = [
        NetworkSetting("path-cost bridge-pathcost", "Bridge", "Cost", .number(1...65_535)),
        NetworkSetting("port-priority bridge-portprio", "Bridge", "Priority", .number(0...63)),
    ]
}
