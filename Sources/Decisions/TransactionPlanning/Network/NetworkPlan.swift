package import Faults
import NetworkModel
package import Plans
import SystemPackage

/// Decides how an interface gets an address for this boot, and keeps it from the services that manage interfaces.
package enum NetworkPlan {
    /// How long a cable may take.
    static let carrierSeconds = 10
    /// How long a server of the network may take.
    static let leaseSeconds = 30
    /// How long a service may take to hear what it is told.
    static let serviceSeconds = 20

    /// The steps.
    ///
    /// - Throws: `Refusal` when there is no such interface, or nothing in the image asks for an address.
    package static func plan(_ request: NetworkRequest, _ facts: NetworkFacts) throws(Refusal) -> Plan<NetworkAction> {
        guard let interface = facts.interfaces.first(where: { $0.name == request.interface }) else {
            throw unknown(request.interface, facts)
        }
        switch request.way {
        case .address(let network, let gateway, let servers):
            return Plan(
                "network", "\(interface.name): \(network.text)",
                fixed(interface, network, gateway, servers, facts) + servers.steps(facts, interface.name))
        case .lease: return Plan("network", "\(interface.name): from the network", try lease(interface, facts))
        }
    }

    private static func unknown(_ name: String, _ facts: NetworkFacts) -> Refusal {
        let names = facts.interfaces.names
        return Refusal(
            .notFound, "setting", "the interface \(name)", cause: "this machine has no such interface",
            remedy: names.isEmpty
                ? "There is none: check the driver with `lifeboot status` and the kernel log."
                : "Name one of those that there are: \(names.joined(separator: ", ")).")
    }

    /// An address that was named: the services are told first, so that what they do is over when it counts.
    private static func fixed(
        _ interface: NetworkInterface, _ network: IPNetwork, _ gateway: IPAddress?, _ servers: [IPAddress],
        _ facts: NetworkFacts
    ) -> [Step<NetworkAction>] {
        let name = interface.name
        var actions = (facts.running[name] ?? []).map { NetworkAction.endClient($0) }
        if facts.runsNetworkd {
            let settings = NetworkdSettings(interface, network, gateway, servers)
            actions += [.writeSettings(settings.path, settings.text)] + reload(name, facts)
        }
        if facts.runsNetworkManager { actions.append(manage(name, "no")) }
        actions += [.switchOn(name), .replaceAddress(name, network)]
        if let gateway { actions.append(.replaceGateway(name, gateway)) }
        return steps(actions) + [
            Step(
                .finish, .awaitCarrier(name, seconds: carrierSeconds),
                .optional("the address is set, and counts as soon as there is a carrier"))
        ]
    }

    private static func lease(
        _ interface: NetworkInterface, _ facts: NetworkFacts
    ) throws(Refusal) -> [Step<NetworkAction>] {
        let name = interface.name
        let ended = (facts.running[name] ?? []).map { NetworkAction.endClient($0) }
        let ready: [NetworkAction] = [.switchOn(name), .awaitCarrier(name, seconds: carrierSeconds)]
        if facts.runsNetworkd { return networkd(interface, ended + ready, facts) }
        if facts.runsNetworkManager {
            let words = ["nmcli", "--wait", "\(leaseSeconds)", "device", "connect", name]
            return steps(ended + ready + [manage(name, "yes"), .run(words, seconds: leaseSeconds + 5, asking)])
        }
        if let client = NetworkFacts.Client.allCases.first(where: facts.clients.contains) {
            return steps(ended + ready + [.run(client.words(name), seconds: leaseSeconds + 15, asking)])
        }
        guard facts.hasNetworkd else { throw nobodyAsks(name) }
        return networkd(interface, ended + ready, facts)
    }

    private static let asking = "Ask the network for an address, and keep asking before its time is over."

    private static func networkd(
        _ interface: NetworkInterface, _ before: [NetworkAction], _ facts: NetworkFacts
    ) -> [Step<NetworkAction>] {
        let (name, settings) = (interface.name, NetworkdSettings(leaseOn: interface))
        let start = NetworkAction.run(
            ["systemctl", "start", "systemd-networkd.service"], seconds: serviceSeconds,
            "Start the service that asks the network for an address.")
        let told = facts.runsNetworkd ? reload(name, facts) : [start]
        let known = interface.global().map(\.network)
        let all =
            before + [.writeSettings(settings.path, settings.text)] + told
            + [.awaitAddress(name, known: known, seconds: leaseSeconds)]
        guard !facts.runsResolved else { return steps(all) }
        return steps(all) + [
            Step(.finish, .takeNameServers(name, facts.resolver), .optional("addresses can be typed instead of names"))
        ]
    }

    /// The service reads its files anew; without a message bus it can only be restarted, which keeps what is set.
    private static func reload(_ name: String, _ facts: NetworkFacts) -> [NetworkAction] {
        let reason = "Tell the service that manages interfaces to read its files anew."
        let commands =
            facts.hasBus
            ? [["networkctl", "reload"], ["networkctl", "reconfigure", name]]
            : [["systemctl", "restart", "systemd-networkd.service"]]
        return commands.map { .run($0, seconds: serviceSeconds, reason) }
    }

    private static func manage(_ name: String, _ word: String) -> NetworkAction {
        .run(
            ["nmcli", "device", "set", name, "managed", word], seconds: serviceSeconds,
            word == "no"
                ? "Tell NetworkManager to leave the interface alone." : "Let NetworkManager have the interface again.")
    }

    /// All are required; the last one is what makes it true.
    private static func steps(_ actions: [NetworkAction]) -> [Step<NetworkAction>] {
        actions.enumerated().map { index, action in Step(index == actions.count - 1 ? .commit : .prepare, action) }
    }

    private static func nobodyAsks(_ name: String) -> Refusal {
        Refusal(
            .notFound, "asking the network for an address of", name,
            cause: "the image has none of systemd-networkd, NetworkManager, dhclient, udhcpc and dhcpcd",
            remedy: "Set an address by hand: \(byHand(name)).")
    }

    /// The command that needs nothing of the image.
    package static func byHand(_ name: String) -> String {
        "`lifeboot network set \(name) 192.0.2.10/24 --gateway 192.0.2.1 --dns 192.0.2.1`, with the addresses of your network"
    }
}

extension NetworkFacts.Client {
    /// The command line that asks once, and stays in the background when it got an address.
    fileprivate func words(_ name: String) -> [String] {
        let file = NetworkPlaces.clientNumber(name).string
        return switch self {
        case .dhclient: ["dhclient", "-1", "-pf", file, "-lf", "/run/lifeboot/dhcp-\(name).leases", name]
        case .udhcpc: ["udhcpc", "-i", name, "-n", "-t", "5", "-T", "5", "-p", file]
        case .dhcpcd: ["dhcpcd", "-w", "-t", "\(NetworkPlan.leaseSeconds)", name]
        }
    }
}

extension [IPAddress] {
    /// How they become what programs ask.
    fileprivate func steps(_ facts: NetworkFacts, _ name: String) -> [Step<NetworkAction>] {
        guard !isEmpty else { return [] }
        return actions(facts, name).map { Step(.finish, $0, .optional("addresses can be typed instead of names")) }
    }

    private func actions(_ facts: NetworkFacts, _ name: String) -> [NetworkAction] {
        if facts.runsResolved {
            // It takes them from systemd-networkd, which has them in its file.
            if facts.runsNetworkd { return [] }
            if facts.hasBus {
                return [
                    .run(
                        ["resolvectl", "dns", name] + map(\.text), seconds: NetworkPlan.serviceSeconds,
                        "Tell systemd-resolved the name servers of the interface.")
                ]
            }
            let text = "[Resolve]\nDNS=\(map(\.text).joined(separator: " "))\n"
            return [
                .writeSettings(NetworkPlaces.resolved, text),
                .run(
                    ["systemctl", "restart", "systemd-resolved.service"], seconds: NetworkPlan.serviceSeconds,
                    "Let systemd-resolved read the name servers."),
            ]
        }
        return switch facts.resolver {
        case .file: [.coverNameServers(self)]
        case .link(let target): [.writeNameServers(target, self)]
        case .missing: [.writeNameServers(NetworkAction.resolver, self)]
        }
    }
}
