package import ArgumentParser
package import CommandOutput
import Faults
import InstalledSystem
import JSONText
import LinuxSystem
import NetworkModel
import Plans
import TransactionPlanning
import Transactions

/// `lifeboot network`.
package struct NetworkCommand: ParsableCommand {
    /// What `lifeboot network --help` says.
    package static let configuration = CommandConfiguration(
        commandName: "network",
        abstract: "Show the network interfaces; give one an address for this boot.",
        discussion: """
            For a machine that stands in recovery, above all. Nothing that is set here outlives the boot: what a machine \
            always has belongs into its files of configuration (docs/oem.md). See docs/operating.md.
            """,
        subcommands: [List.self, Set.self, Lease.self], defaultSubcommand: List.self)

    /// Takes no options of its own.
    package init() {}

    /// `lifeboot network list`.
    package struct List: AgentVerb {
        /// What its help says.
        package static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the interfaces, their addresses, gateways and the name servers.",
            discussion: help)

        /// What help and manual say of it.
        package static let text = VerbText(
            "Nothing is changed, and no other machine is asked.",
            examples: ["See the interfaces of this machine": "lifeboot network list"])

        @Flag(help: "Print JSON (\"format\": 1; see docs/operating.md).")
        package var json = false

        /// Starts with the defaults.
        package init() {}

        /// Lists them.
        package func perform(_ output: Output) throws {
            let state = try NetworkState(gathering: ())
            output.show(state.json, lines: state.lines)
        }
    }

    /// `lifeboot network set`.
    package struct Set: AgentVerb {
        /// What its help says.
        package static let configuration = CommandConfiguration(
            commandName: "set", abstract: "Give an interface an address, now and for this boot only.",
            discussion: help)

        /// What help and manual say of it.
        package static let text = VerbText(
            """
            Addresses of the same kind (IPv4, IPv6) that it has are taken away, those of the other kind stay. \
            systemd-networkd and NetworkManager are told when they run, so that they do not undo it. Must run as \
            root.
            """,
            examples: [
                "Give a machine an address by hand":
                    "lifeboot network set enp1s0 192.0.2.10/24 --gateway 192.0.2.1 --dns 192.0.2.53"
            ])

        @Argument(help: ArgumentHelp("The interface, as `lifeboot network` names it.", valueName: "interface"))
        package var interface: String

        @Argument(help: ArgumentHelp("The address with its prefix, such as 192.0.2.10/24.", valueName: "address"))
        package var address: String

        @Option(help: ArgumentHelp("The router to all other networks.", valueName: "address"))
        package var gateway: String?

        @Option(help: ArgumentHelp("A name server; may be repeated.", valueName: "address"))
        package var dns: [String] = []

        @Flag(help: "Print the steps, but carry out none.")
        package var dryRun = false

        @Flag(help: "Print JSON, one object a line (see docs/events.md).")
        package var json = false

        /// Starts with the defaults.
        package init() {}

        /// Sets it, or prints the steps.
        package func perform(_ output: Output) throws {
            let request = try NetworkRequest(
                interface: interface, address: address, gateway: gateway, nameServers: dns)
            try NetworkCommand.perform(
                request, isDryRun: dryRun, "The interface \(interface) has the address \(address).", output)
        }
    }

    /// `lifeboot network dhcp`.
    package struct Lease: AgentVerb {
        /// What its help says.
        package static let configuration = CommandConfiguration(
            commandName: "dhcp", abstract: "Let the network give an interface its address, for this boot only.",
            discussion: help)

        /// What help and manual say of it.
        package static let text = VerbText(
            """
            By what the image has: systemd-networkd, NetworkManager, dhclient, udhcpc or dhcpcd. It waits ten \
            seconds for a carrier and half a minute for an address. Must run as root.
            """,
            examples: [
                "Ask the network for an address":
                    "lifeboot network dhcp enp1s0"
            ])

        @Argument(help: ArgumentHelp("The interface, as `lifeboot network` names it.", valueName: "interface"))
        package var interface: String

        @Flag(help: "Print the steps, but carry out none.")
        package var dryRun = false

        @Flag(help: "Print JSON, one object a line (see docs/events.md).")
        package var json = false

        /// Starts with the defaults.
        package init() {}

        /// Asks for an address, or prints the steps.
        package func perform(_ output: Output) throws {
            let request = NetworkRequest(leaseOn: interface)
            try NetworkCommand.perform(
                request, isDryRun: dryRun, "The network gave \(interface) an address.", output)
        }
    }

    private static func perform(
        _ request: NetworkRequest, isDryRun: Bool, _ sentence: String, _ output: Output
    ) throws {
        guard ThisProcess.isRoot else { throw Refusal.notRoot("network") }
        var effects = NetworkEffects()
        if isDryRun { return output.plans("network", [try effects.plan(request)]) }
        let lock = try OperationLock.take("network", isAlone: false)
        try withExtendedLifetime(lock) {
            let plan = try effects.plan(request)
            do throws(TransactionFailure) {
                let outcome = try TransactionRunner.run(plan, &effects, observer: output.report)
                output.end(OperationResult("network", changed: true, sentence, outcome))
            } catch {
                var failure = error
                failure.remedy = remedy(request)
                throw failure
            }
        }
    }

    /// Earlier steps may have changed something: an address is not taken away twice.
    private static func remedy(_ request: NetworkRequest) -> String {
        let look = "Look with `lifeboot network` what is set now; the same command can be tried again."
        if case .address = request.way { return look }
        return "\(look) Or set an address by hand: \(NetworkPlan.byHand(request.interface))."
    }
}

extension NetworkState {
    /// A line for each interface, and what there is to say of all.
    var lines: [String] {
        guard !interfaces.isEmpty else { return ["This machine has no network interface."] }
        var table = TextTable(["INTERFACE", "STATE", "HARDWARE ADDRESS", "ADDRESSES", "GATEWAY"])
        for interface in interfaces { table.add(interface.row) }
        let servers = nameServers.isEmpty ? "none" : nameServers.joined(separator: ", ")
        let isReachable = interfaces.hasDefaultRoute
        return table.lines + ["", "Name servers: \(servers)"]
            + (isReachable ? [] : ["Nothing leads to other networks: there is no default route."])
    }

    /// `format`, `interfaces`, `nameServers`, `defaultRoute`.
    var json: JSONValue {
        [
            "format": 1, "interfaces": .array(interfaces.map(\.json)),
            "nameServers": .array(nameServers.map { .string($0) }), "defaultRoute": .bool(interfaces.hasDefaultRoute),
        ]
    }
}

extension NetworkInterface {
    fileprivate var row: [String] {
        let state = isUp ? hasCarrier ? "up" : "up, no carrier" : "off"
        let addresses = addresses.map(\.network.text).joined(separator: " ")
        let gateways = gateways.map(\.text).joined(separator: " ")
        return [name, state, hardwareAddress ?? "", addresses, gateways]
    }

    fileprivate var json: JSONValue {
        [
            "name": .string(name), "loopback": .bool(isLoopback), "up": .bool(isUp), "carrier": .bool(hasCarrier),
            "hardwareAddress": hardwareAddress.map { .string($0) } ?? .null,
            "addresses": .array(
                addresses.map { ["address": .string($0.network.text), "lent": .bool($0.isLent)] }),
            "gateways": .array(gateways.map { .string($0.text) }),
        ]
    }
}
